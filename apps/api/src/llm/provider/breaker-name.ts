/** Name of the breaker around one provider, as metrics and the app show it. */
export const breakerName = (provider: { name: string }): string => `llm:${provider.name}`;
