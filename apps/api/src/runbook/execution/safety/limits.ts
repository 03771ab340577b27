import type { ActorRef } from '../machine/state.js';
import { durationText } from '../plan/duration-text.js';

/** What the limits of a runbook look at. */
export interface LimitFacts {
  cooldownMs: number;
  maxPerHour: number | null;
  /** The last run of the runbook on one of the targets: when it ended, null while it runs; undefined when there was none. */
  lastRun: { finishedAt: Date | null; targetName: string | null } | undefined;
  /** Runs of the runbook that began within the last hour. */
  startedLastHour: number;
}

/** Why a run must not start, or null. Who asks makes no difference. */
export function limitReached(facts: LimitFacts, now: Date): string | null {
  return coolsDown(facts, now) ?? overHourlyCap(facts);
}

function coolsDown({ cooldownMs, lastRun }: LimitFacts, now: Date): string | null {
  if (cooldownMs === 0 || lastRun === undefined) return null;
  const where = lastRun.targetName === null ? '' : ` on ${lastRun.targetName}`;
  if (lastRun.finishedAt === null)
    return `It is running${where} at this moment, and it has a cooldown of ${durationText(cooldownMs)}.`;
  const free = new Date(lastRun.finishedAt.getTime() + cooldownMs);
  if (now >= free) return null;
  return `It ran${where} a short while ago: its cooldown of ${durationText(cooldownMs)} ends at ${free.toISOString()}.`;
}

function overHourlyCap({ maxPerHour, startedLastHour }: LimitFacts): string | null {
  if (maxPerHour === null || startedLastHour < maxPerHour) return null;
  return `It ran ${startedLastHour} times within the last hour, and ${maxPerHour} is the most that it may.`;
}

/** Started by the engine with no person having said yes: what an open circuit breaker refuses. */
export function isAutomatic(execution: {
  trigger: string;
  approvedBy: ActorRef | null;
  status: string;
}): boolean {
  return (
    execution.trigger !== 'manual' &&
    execution.approvedBy === null &&
    execution.status !== 'awaiting_approval'
  );
}
