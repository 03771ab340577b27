import type { AlertDto, AnalysisDto, ExecutionDto } from '@aiops/contracts';
import type { Api } from '../engine/api.js';

const POLL_MS = 100;
const STAGE_TIMEOUT_MS = 90_000;
const finalStatuses = new Set([
  'succeeded',
  'failed',
  'rolled_back',
  'rejected',
  'cancelled',
  'timed_out',
  'needs_attention',
]);

/** How the story goes on: who approves, and how each stage is told. */
export interface Teller {
  /** `at` is in milliseconds since the service was broken. */
  stage(at: number, text: string): void;
  /** Called when the plan waits; resolves at once where a person approves in the app. */
  onWaiting(execution: ExecutionDto): Promise<void>;
  /** Milliseconds to wait for a person; 0 is for ever. */
  patienceMs: number;
}

/** What the story ended with. */
export interface Ending {
  execution: ExecutionDto;
  alert: AlertDto;
}

async function wait<T>(what: string, timeoutMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = timeoutMs === 0 ? Infinity : Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${what}`);
    await new Promise((next) => setTimeout(next, POLL_MS));
  }
}

/** Follows one alert from the moment the service was broken to the proven fix, through the API alone. */
export async function followStory(api: Api, brokenAt: Date, teller: Teller): Promise<Ending> {
  const tell = (text: string): void => teller.stage(Date.now() - brokenAt.getTime(), text);
  const alert = await wait('the alert to fire', STAGE_TIMEOUT_MS, async () => {
    const found = await api.list<AlertDto>(
      '/alerts?alert_name=ServiceDown&status=firing,acknowledged&page_size=1',
    );
    return found[0];
  });
  tell(
    `alert        ${alert.alert_name} (${alert.severity}) on ${alert.labels['instance'] ?? ''}: ${alert.annotations['summary'] ?? ''}`,
  );
  const execution = await wait('the rule to ask for an execution', STAGE_TIMEOUT_MS, async () => {
    const found = await api.list<ExecutionDto>(
      `/executions?alert_id=${alert.id}&page_size=1&sort=-created_at`,
    );
    return found.find((candidate) => Date.parse(candidate.created_at) >= brokenAt.getTime());
  });
  tell(
    `decision     runbook ${execution.runbook.name} v${execution.runbook.version} on ${execution.target ?? ''} (${execution.status.replaceAll('_', ' ')})`,
  );
  const analysis = await wait('the analysis', STAGE_TIMEOUT_MS, async () => {
    const found = await api.list<AnalysisDto>(`/alerts/${alert.id}/analyses?page_size=1`);
    return found.find((candidate) => candidate.status === 'completed');
  });
  tell(`analysis     by ${analysis.provider ?? ''}: ${analysis.summary ?? ''}`);
  if (execution.status === 'awaiting_approval') await teller.onWaiting(execution);
  const approved = await wait('approval', teller.patienceMs, () =>
    statusOf(api, execution.id, (status) => status !== 'awaiting_approval'),
  );
  if (approved.approved_by !== null) tell(`approved     by ${approved.approved_by.name}`);
  const ended = await followSteps(api, execution.id, tell);
  const after = await wait('the alert to be settled', STAGE_TIMEOUT_MS, async () => {
    const now = await api.get<AlertDto>(`/alerts/${alert.id}`);
    return ended.status !== 'succeeded' || now.status === 'resolved' ? now : undefined;
  });
  tell(
    `${ended.status === 'succeeded' ? 'verified' : 'ended'}     ${ended.status.replaceAll('_', ' ')}${ended.reason === null ? '' : `: ${ended.reason}`}; the alert is ${after.status}`,
  );
  return { execution: ended, alert: after };
}

async function statusOf(
  api: Api,
  id: string,
  wanted: (status: string) => boolean,
): Promise<ExecutionDto | undefined> {
  const execution = await api.get<ExecutionDto>(`/executions/${id}`);
  return wanted(execution.status) ? execution : undefined;
}

async function followSteps(api: Api, id: string, tell: (text: string) => void): Promise<ExecutionDto> {
  const told = new Set<string>();
  return wait('the execution to end', STAGE_TIMEOUT_MS * 2, async () => {
    const execution = await api.get<ExecutionDto>(`/executions/${id}`);
    for (const step of execution.steps) {
      if (!['succeeded', 'failed', 'skipped'].includes(step.status) || told.has(String(step.index))) continue;
      // Rollback steps of a good run are skipped; that is not worth a line.
      told.add(String(step.index));
      if (step.status !== 'skipped')
        tell(
          `step         ${step.name}: ${step.status}${step.exit_code === null ? '' : ` (exit code ${step.exit_code})`}`,
        );
    }
    return finalStatuses.has(execution.status) ? execution : undefined;
  });
}
