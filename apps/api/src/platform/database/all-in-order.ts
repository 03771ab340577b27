/**
 * Waits for statements that were sent one behind the other on one connection. When one fails in a transaction those
 * behind it fail too, saying only that the transaction is aborted, so the first failure in the order of sending is
 * thrown: it is the cause.
 */
export async function allInOrder<T extends readonly Promise<unknown>[]>(
  statements: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled: PromiseSettledResult<unknown>[] = await Promise.allSettled(statements);
  const failure = settled.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return Promise.all(statements);
}
