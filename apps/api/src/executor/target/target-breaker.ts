/** Name of the breaker around connections to one target. */
export const targetBreaker = (target: { name: string }): string => `target:${target.name}`;
