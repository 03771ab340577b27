import { inspect } from 'node:util';

/**
 * Waits until `condition` gives something truthy, and gives it back. A condition that throws is not met yet.
 * @throws with the description and what was seen last when it takes too long (20 s unless told otherwise).
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: { description: string; timeoutMs?: number; intervalMs?: number },
): Promise<NonNullable<Exclude<T, false>>> {
  const timeoutMs = options.timeoutMs ?? 20_000;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = await condition();
      if (last) return last as NonNullable<Exclude<T, false>>;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const seen = last instanceof Error ? last.message : inspect(last, { depth: 4, breakLength: 120 });
      const cause = last instanceof Error ? { cause: last } : undefined;
      throw new Error(
        `Waited ${timeoutMs} ms in vain for: ${options.description}. Last seen: ${seen}`,
        cause,
      );
    }
    await new Promise((next) => setTimeout(next, options.intervalMs ?? 20));
  }
}
