import type { TraceContext } from './trace-context.js';

export type AttributeValue = string | number | boolean | string[];
export type Attributes = Record<string, AttributeValue | undefined>;

/** What a span is about; what follows while it lasts is added by `set`. Never secrets, commands, prompts or values. */
export interface SpanSpec {
  /** One of few: what varies without end belongs into the attributes. */
  name: string;
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes?: Attributes;
  /** Other traces that have to do with it. */
  links?: TraceContext[];
  /** When it began; now, if it is not said. */
  start?: Date;
  /** An id that was promised before, so that others could already name it as their parent. */
  spanId?: string;
}

/** A span to those whose work it describes. */
export interface SpanNotes {
  set(attributes: Attributes): void;
  /** Says that it went wrong, by one of few words. */
  fail(type: string): void;
}

/** A span under way. */
export interface OpenSpan extends SpanNotes {
  /** Its own place in the trace, which its children have as their parent. */
  readonly context: TraceContext & { spanId: string };
  rename(name: string): void;
  /** The first time counts. */
  end(at?: Date): void;
}

/** What makes spans and sends them on. */
export interface SpanRecorder {
  /** Begins a span after `parent`. Whether it is recorded at all is for the sampler to say. */
  start(spec: SpanSpec, parent: TraceContext): OpenSpan;
  /** Sends what is still held, for at most so long. */
  close(withinMs: number): Promise<void>;
}

/** Where nothing is recorded. */
export const noNotes: SpanNotes = { set: () => undefined, fail: () => undefined };
