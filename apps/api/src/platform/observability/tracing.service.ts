import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { activeTrace, enterTrace, inSpan, type ActiveTrace } from './active-trace.js';
import type { OpenSpan, SpanNotes, SpanRecorder, SpanSpec } from './span.js';
import { newSpanId, newTrace, type TraceContext } from './trace-context.js';

/** How long a stop waits for the last spans: an operator who restarts an engine waits for no collector. */
const LAST_SPANS_MS = 3_000;

/** Where traces begin in this engine, or come in from elsewhere. What happens within one uses `inSpan`. */
@Injectable()
export class Tracing implements OnApplicationShutdown {
  constructor(
    /** Null while nothing is exported. */
    readonly recorder: SpanRecorder | null,
    private readonly mayTell: (host: string) => boolean,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.recorder?.close(LAST_SPANS_MS);
  }

  /** Runs `work` in that trace, without a span of its own; its log lines have an id of their own all the same. */
  enter<T>(context: TraceContext, work: () => T): T {
    return enterTrace(this.active(context, newSpanId()), work);
  }

  /** The same for what nobody wants to see in traces. */
  enterUnrecorded<T>(context: TraceContext, work: () => T): T {
    return enterTrace(this.active(context, newSpanId(), null), work);
  }

  /** Does `work` as a span in that trace. */
  continue<T>(context: TraceContext, spec: SpanSpec, work: (span: SpanNotes) => Promise<T>): Promise<T> {
    return this.enter(context, () => inSpan(spec, work));
  }

  /** Runs `work` in a trace as it was elsewhere in this process: that of a request whose work is done for it. */
  resume<T>(trace: ActiveTrace | undefined, work: () => T): T {
    return trace === undefined ? this.enter(newTrace(), work) : enterTrace(trace, work);
  }

  /** Begins the span of a request, whose parts run apart from each other. */
  begin(
    recorder: SpanRecorder,
    context: TraceContext,
    spec: SpanSpec,
  ): { span: OpenSpan; trace: ActiveTrace } {
    const span = recorder.start(spec, context);
    return { span, trace: this.active(span.context, span.context.spanId) };
  }

  private active(context: TraceContext, spanId: string, recorder = this.recorder): ActiveTrace {
    return { context, spanId, recorder, mayTell: this.mayTell };
  }
}

/** The id of the trace that is under way. */
export const currentTrace = (): string | undefined => activeTrace()?.context.traceId;
