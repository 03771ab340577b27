import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CredentialDto,
  ExecutionDto,
  ExecutionOutputDto,
  HostKeyDto,
  PageDto,
  RunbookDto,
  TargetDto,
} from '@aiops/contracts';
import { startSshd, until, type Sshd } from '@aiops/testing';
import type { TestEngine } from '../../testing/test-engine.js';

type Api = TestEngine['api'];

/** A real host behind a real sshd, known to an engine, with a folder in which commands leave traces. */
export interface Host {
  sshd: Sshd;
  target: TargetDto;
  folder: string;
  /** Path of a file in the folder, for use in commands. */
  path(name: string): string;
  /** Lines that commands wrote into a file of the folder; none when there is no such file. */
  lines(name: string): string[];
  stop(): Promise<void>;
}

let count = 0;

/** Starts an sshd and registers it as a target whose host key is accepted. */
export async function startHost(api: Api, labels: Record<string, string> = {}): Promise<Host> {
  const sshd = await startSshd();
  const folder = mkdtempSync(join(tmpdir(), 'aiops-host-'));
  const target = await registerTarget(api, sshd, labels);
  const path = (name: string) => join(folder, name);
  return {
    sshd,
    target,
    folder,
    path,
    lines: (name) => linesOf(path(name)),
    stop: async () => {
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** One more target on the same sshd. */
export async function registerTarget(
  api: Api,
  sshd: Sshd,
  labels: Record<string, string> = {},
): Promise<TargetDto> {
  const name = `host-${process.pid}-${++count}`;
  const credential = await api<CredentialDto>('POST', '/credentials', {
    body: { name: `key-${name}`, kind: 'ssh_key', secret: sshd.privateKey },
  });
  const { host, port, username } = sshd;
  const made = await api<TargetDto>('POST', '/targets', {
    body: { name, host, port, username, labels, credential_id: credential.body.id },
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  await api('POST', `/targets/${made.body.id}/test`);
  const keys = await api<PageDto<HostKeyDto>>('GET', `/targets/${made.body.id}/host-keys`);
  for (const key of keys.body.data) await api('POST', `/targets/${made.body.id}/host-keys/${key.id}/accept`);
  return made.body;
}

/** What a test does with runbooks and executions, over the real routes. */
export function runbookClient(api: Api) {
  const get = async (id: string) => (await api<ExecutionDto>('GET', `/executions/${id}`)).body;
  const until_ = (id: string, description: string, holds: (execution: ExecutionDto) => boolean) =>
    until(
      async () =>
        (await get(id).then((execution) => (holds(execution) ? execution : fail(execution)))) ?? null,
      {
        description: `execution to be ${description}`,
        timeoutMs: 45_000,
      },
    );
  return {
    get,
    until: until_,
    untilStatus: (id: string, ...statuses: ExecutionDto['status'][]) =>
      until_(id, statuses.join(' or '), (execution) => statuses.includes(execution.status)),
    async create(yaml: string): Promise<RunbookDto> {
      const made = await api<RunbookDto>('POST', '/runbooks', { body: yaml });
      if (made.status !== 201) throw new Error(`${JSON.stringify(made.body)} for ${yaml}`);
      return made.body;
    },
    async execute(runbook: RunbookDto, body: object = {}): Promise<ExecutionDto> {
      const asked = await api<ExecutionDto>('POST', `/runbooks/${runbook.id}/execute`, { body });
      if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
      return asked.body;
    },
    act: (id: string, action: 'approve' | 'reject' | 'cancel' | 'resume', body: object = {}) =>
      api<ExecutionDto & { detail?: string }>('POST', `/executions/${id}/${action}`, { body }),
    async output(id: string): Promise<string> {
      const answer = await api<ExecutionOutputDto>('GET', `/executions/${id}/output?limit=1000`);
      return answer.body.chunks.map((chunk) => chunk.text).join('');
    },
  };
}
export type RunbookClient = ReturnType<typeof runbookClient>;

function fail(execution: ExecutionDto): never {
  const steps = execution.steps.map((step) => `${step.name}: ${step.status} ${step.reason ?? ''}`);
  throw new Error(`${execution.status}, ${execution.reason ?? ''} [${steps.join(' | ')}]`);
}

let names = 0;
/** A runbook on one target, from its sections in YAML. */
export const yamlOf = (target: { name: string }, sections: string): string =>
  `name: runbook-${process.pid}-${++names}\ntargets: { names: ["${target.name}"] }\n${sections}`;
