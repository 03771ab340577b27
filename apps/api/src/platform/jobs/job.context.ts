/** What a handler may know of the job it does. */
export interface JobContext {
  /** Id of the job, the same in every attempt. */
  jobId: string;
  /** 1 for the first try. */
  attempt: number;
  /** Whether another attempt follows when this one fails. */
  willRetry: boolean;
  /** Aborted when the process shuts down. */
  signal: AbortSignal;
}
export type JobHandler = (payload: object, context: JobContext) => Promise<void>;
