const described = {
  'X-RateLimit-Limit': {
    name: 'RateLimitLimit',
    description: 'Requests that the caller may make at once, and again within a minute',
  },
  'X-RateLimit-Remaining': {
    name: 'RateLimitRemaining',
    description: 'How many of them are left now',
  },
  'X-RateLimit-Reset': {
    name: 'RateLimitReset',
    description: 'Seconds until all of them are there again; some are sooner',
  },
};

/** The headers that tell of rate limits, as components of the document; they are absent while there is no limit. */
export function rateLimitComponents(): Record<string, object> {
  return Object.fromEntries(
    Object.values(described).map(({ name, description }) => [
      name,
      { description, schema: { type: 'integer', minimum: 0 } },
    ]),
  );
}

/** The same for an answer. */
export const rateLimitHeaders: Record<string, object> = Object.fromEntries(
  Object.entries(described).map(([header, { name }]) => [header, { $ref: `#/components/headers/${name}` }]),
);
