import {
  checkExpectation,
  checkHttpExpectation,
  type CommandStep,
  type HttpStep,
} from '@aiops/runbook-format';
import type { StepOutcome } from '../machine/events.js';
import type { StepResult } from '../machine/state.js';
import { durationText } from '../plan/duration-text.js';

/** How the executor says a command ended. */
export interface CommandEnd {
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  cancelled: boolean;
  remoteEnded: boolean;
}

/** What a command step makes of the end of its command; outputs come with secrets masked. */
export function commandOutcome(
  step: CommandStep,
  end: CommandEnd,
  output: { stdout: string; stderr: string },
): StepOutcome {
  if (end.timedOut) return timedOut(step, !end.remoteEnded);
  if (end.cancelled) return { kind: 'cancelled', mayStillRun: !end.remoteEnded };
  const result: StepResult = {
    // As a shell's own substitution has it: without the line ends behind the text.
    stdout: output.stdout.replace(/[\r\n]+$/, ''),
    stderr: output.stderr.replace(/[\r\n]+$/, ''),
    exitCode: end.exitCode,
    status: null,
  };
  if (end.exitCode === null && end.signal !== null) {
    return {
      kind: 'failed',
      reason: `It was ended by the signal ${end.signal}.`,
      exitCode: null,
      result: kept(step, result),
    };
  }
  const { ok, reasons } = checkExpectation(step, { ...output, exitCode: end.exitCode });
  if (ok) return { kind: 'succeeded', exitCode: end.exitCode, result: kept(step, result) };
  return { kind: 'failed', reason: sentence(reasons), exitCode: end.exitCode, result: kept(step, result) };
}

export function httpOutcome(step: HttpStep, answer: { status: number; body: string }): StepOutcome {
  const result: StepResult = { stdout: answer.body, stderr: '', exitCode: null, status: answer.status };
  const { ok, reasons } = checkHttpExpectation(step.http.expect, answer);
  if (ok) return { kind: 'succeeded', exitCode: null, result: kept(step, result) };
  return { kind: 'failed', reason: sentence(reasons), exitCode: null, result: kept(step, result) };
}

export function timedOut(step: { timeoutMs: number }, mayStillRun: boolean): StepOutcome {
  const late = `It took longer than ${durationText(step.timeoutMs)}`;
  const reason = mayStillRun
    ? `${late} and was told to stop; nobody knows whether it did.`
    : `${late} and was stopped.`;
  return { kind: 'timed_out', reason, mayStillRun };
}

/** No answer came; `started` says whether the request may have had its effect. */
export function httpFailure(
  step: HttpStep,
  error: { message: string; started: boolean; timedOut: boolean },
): StepOutcome {
  const harmless = step.http.method === 'GET' || step.http.method === 'HEAD';
  if (error.timedOut) return timedOut(step, error.started && !harmless);
  if (error.started && !harmless) return { kind: 'unknown', reason: error.message };
  return { kind: 'failed', reason: `${error.message}.`, exitCode: null, result: null };
}

/** Only a registered result is for later steps; nothing else needs it twice beside the stored output. */
const kept = (step: { register: string | null }, result: StepResult): StepResult | null =>
  step.register === null ? null : result;

function sentence(reasons: string[]): string {
  const text = reasons.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
