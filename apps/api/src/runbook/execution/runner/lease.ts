/** Another worker has taken this execution over, or nobody may be sure that none has: stop acting at once. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor(readonly executionId: string) {
    super(`The lease of execution ${executionId} is lost`);
  }
}

/** The right to act for one execution, for as long as it is renewed. */
export interface Lease {
  executionId: string;
  token: string;
}
