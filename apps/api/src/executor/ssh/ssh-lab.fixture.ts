import type {
  CredentialDto,
  CredentialInput,
  HostKeyDto,
  PageDto,
  TargetDto,
  TargetInput,
} from '@aiops/contracts';
import type { Sshd } from '@aiops/testing';
import type { TestEngine } from '../../testing/test-engine.js';
import { TargetReader } from '../target/target.reader.js';
import type { CommandOutcome, CommandRequest, CommandSession } from './command-session.js';
import { CommandSessions } from './command-sessions.service.js';

export const never = new AbortController().signal;

/** Where a target is and how one signs in there. */
export interface Place {
  host: string;
  port: number;
  username: string;
  credential: Pick<CredentialInput, 'kind' | 'secret' | 'passphrase'>;
}

export const placeOf = (sshd: Sshd): Place => ({
  host: sshd.host,
  port: sshd.port,
  username: sshd.username,
  credential: { kind: 'ssh_key', secret: sshd.privateKey },
});

export interface RunResult extends CommandOutcome {
  stdout: Buffer;
  stderr: Buffer;
}

/** Runs a command and keeps its output. */
export async function run(
  session: CommandSession,
  command: string,
  over: Partial<CommandRequest> = {},
): Promise<RunResult> {
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const outcome = await session.run({
    command,
    shell: 'posix',
    timeoutMs: 30_000,
    signal: never,
    onOutput: (stream, chunk) => void output[stream].push(chunk),
    ...over,
  });
  return { ...outcome, stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr) };
}

let count = 0;

/** Targets and sessions of an engine, made the way a person makes them. */
export class SshLab {
  private readonly sessions: CommandSession[] = [];

  constructor(private readonly engine: TestEngine) {}

  async target(place: Place, over: Partial<TargetInput> = {}): Promise<TargetDto> {
    const name = `lab-${process.pid}-${++count}`;
    const credential = await this.create<CredentialDto>('/credentials', { name, ...place.credential });
    const { host, port, username } = place;
    return this.create('/targets', { name, host, port, username, credential_id: credential.id, ...over });
  }

  async keys(target: TargetDto): Promise<HostKeyDto[]> {
    return (await this.engine.api<PageDto<HostKeyDto>>('GET', `/targets/${target.id}/host-keys`)).body.data;
  }

  async acceptPending(target: TargetDto): Promise<void> {
    const key = (await this.keys(target)).find((candidate) => candidate.status === 'pending');
    if (key === undefined) throw new Error('There is no key to accept');
    await this.judge(target, key, 'accept');
  }

  async judge(target: TargetDto, key: HostKeyDto, verdict: 'accept' | 'revoke'): Promise<void> {
    const answer = await this.engine.api('POST', `/targets/${target.id}/host-keys/${key.id}/${verdict}`);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  async shown(target: TargetDto): Promise<TargetDto> {
    return (await this.engine.api<TargetDto>('GET', `/targets/${target.id}`)).body;
  }

  async connect(target: TargetDto, signal: AbortSignal = never): Promise<CommandSession> {
    const row = await this.engine.app.get(TargetReader).get(target.id);
    const session = await this.engine.app.get(CommandSessions).open(row, { signal });
    this.sessions.push(session);
    return session;
  }

  /** A session on a host whose key is accepted on the way. */
  async trusted(target: TargetDto): Promise<CommandSession> {
    const refused: unknown = await this.connect(target).catch((error: unknown) => error);
    if (!String(refused).includes('nobody has accepted')) throw new Error('The host was not asked about');
    await this.acceptPending(target);
    return this.connect(target);
  }

  closeAll(): void {
    for (const session of this.sessions.splice(0)) session.close();
  }

  private async create<T>(path: string, body: object): Promise<T> {
    const made = await this.engine.api<T>('POST', path, { body });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body;
  }
}
