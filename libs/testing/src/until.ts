/** Waits until `condition` gives something truthy, and gives it back. @throws with the description when it takes too long. */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: { description: string; timeoutMs?: number; intervalMs?: number },
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + (options.timeoutMs ?? 20_000);
  let last: unknown;
  for (;;) {
    try {
      last = await condition();
      if (last) return last as NonNullable<Exclude<T, false>>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`Waited in vain for: ${options.description}. Last seen: ${seen}`);
    }
    await new Promise((next) => setTimeout(next, options.intervalMs ?? 20));
  }
}
