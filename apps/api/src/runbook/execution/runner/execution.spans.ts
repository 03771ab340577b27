import { activeTrace, pastSpan, resumedTrace, type SpanSpec } from '../../../platform/index.js';
import type { Execution } from '../execution.types.js';
import { isFinal } from '../machine/transitions.js';

/*
 * An execution waits for people and outlasts processes, so that no process can hold its span open. Its id was promised
 * when it was asked for, and whoever stores its end makes the span, with all the time since then. Phases likewise.
 */

/** Notes what came to its end with this transition: waiting for approval, verifying, the execution itself. */
export function notePhases(before: Execution, after: Execution): void {
  if (after.trace === null || before.status === after.status) return;
  const own = resumedTrace(after.trace);
  if (before.status === 'awaiting_approval') {
    pastSpan(phase('execution approval', before.updatedAt, before, after), own);
  }
  if (before.status === 'verifying' && before.verifyStartedAt !== null) {
    pastSpan(phase('execution verification', before.verifyStartedAt, before, after), own);
  }
  if (!isFinal(after.status)) return;
  const failure = after.status === 'succeeded' ? {} : { failure: after.status };
  pastSpan(
    {
      ...phase('execution', after.createdAt, before, after),
      ...failure,
      ...(own.spanId === null ? {} : { spanId: own.spanId }),
    },
    { ...own, spanId: after.trace.parent },
  );
}

/** Whoever ended it may have come from another trace: the person who approved, the worker that found it too late. */
function phase(
  name: string,
  start: Date,
  before: Execution,
  after: Execution,
): SpanSpec & { start: Date; end: Date } {
  const context = activeTrace()?.context;
  const elsewhere = context !== undefined && context.traceId !== resumedTrace(after.trace).traceId;
  return {
    name,
    start,
    end: after.updatedAt,
    links: elsewhere ? [context] : [],
    attributes: {
      'aiops.execution.id': after.id,
      'aiops.execution.status': after.status,
      'aiops.execution.previous_status': before.status,
      'aiops.runbook.name': after.runbookName,
      'aiops.runbook.version': after.runbookVersion,
      'aiops.alert.id': after.alertId ?? undefined,
    },
  };
}
