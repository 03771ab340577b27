import { Injectable } from '@nestjs/common';
import type { CredentialInput } from '@aiops/contracts';
import { messageOf, OperationalError, UserError } from '../../platform/index.js';
import type { OpenCredential } from '../credential/credential-secrets.service.js';
import { CredentialService } from '../credential/credential.service.js';
import { ConnectError } from '../errors.js';
import type { Executor, TargetFlaw, TestStage } from '../executor.js';
import { HostKeyVerifier } from '../host-key/host-key-verifier.service.js';
import type { Target } from '../target/target.repository.js';
import { TestStages } from '../target/test-stages.js';
import type { CommandSession } from './command-session.js';
import { sshConnect } from './ssh-connect.js';
import { OtherKeyWanted, untilPinned } from './pinned-search.js';
import { SshSession } from './ssh-session.js';

const COMMAND_TIMEOUT_MS = 10_000;
const signsIn = new Set<CredentialInput['kind']>(['ssh_key', 'password']);

interface Attempt {
  signal: AbortSignal;
  /** Told how the host key was judged: null when it is good. */
  onKey: (refusal: ConnectError | null) => void;
  trial?: OpenCredential | undefined;
}

/** Linux and other POSIX hosts, and Windows through its OpenSSH. */
@Injectable()
export class SshExecutor implements Executor {
  readonly kind = 'ssh';

  constructor(
    private readonly credentials: CredentialService,
    private readonly hostKeys: HostKeyVerifier,
  ) {}

  review(target: Target, credential: CredentialInput['kind'] | null): TargetFlaw | null {
    if (target.username === null || target.username.trim() === '') {
      return { field: 'username', message: 'Give the user to sign in as' };
    }
    if (credential !== null && !signsIn.has(credential)) {
      return {
        field: 'credential_id',
        message: `A credential of the kind ${credential} cannot sign in over SSH. Use an ssh_key or a password`,
      };
    }
    return null;
  }

  open(target: Target, signal: AbortSignal): Promise<CommandSession> {
    return this.connect(target, { signal, onKey: () => undefined });
  }

  async test(target: Target, signal: AbortSignal, trial?: OpenCredential): Promise<TestStage[]> {
    const stages = new TestStages();
    if (!(await stages.reach(target))) return stages.all;
    let keyJudged = false;
    const onKey = (refusal: ConnectError | null): void => {
      keyJudged = true;
      stages.done('host_key', refusal === null, refusal?.message ?? 'The host key is accepted');
    };
    try {
      const session = await this.connect(target, { signal, onKey, trial });
      stages.done('login', true, `Signed in as ${target.username ?? ''}`);
      await stages.run('command', () => echo(session, target)).finally(() => session.close());
    } catch (error) {
      const told = stages.all.at(-1)?.ok === false;
      const stage = keyJudged || isAboutSignIn(error) ? 'login' : 'host_key';
      if (!told) stages.done(stage, false, messageOf(error));
    }
    return stages.all;
  }

  private async connect(target: Target, { signal, onKey, trial }: Attempt): Promise<CommandSession> {
    const [credential, hostKeyAlgorithms] = await Promise.all([
      trial ?? this.credentialOf(target),
      this.hostKeys.algorithms(target),
    ]);
    const client = await untilPinned(hostKeyAlgorithms, (offer, isLast) =>
      sshConnect({
        target,
        credential,
        hostKeyAlgorithms: offer,
        verify: async (key) => {
          const others = isLast ? [] : await this.hostKeys.othersToTry(target, key, offer);
          if (others.length > 0) throw new OtherKeyWanted(others);
          const refusal = await this.hostKeys.check(target, key);
          onKey(refusal);
          return refusal;
        },
        signal,
      }),
    );
    return new SshSession(client, target.name);
  }

  private async credentialOf(target: Target): Promise<OpenCredential> {
    if (target.credentialId === null) {
      throw new ConnectError(
        'not_configured',
        `${target.name} has no credential. Give it one under Targets › ${target.name}.`,
      );
    }
    return this.credentials.open(target.credentialId).catch((error: unknown) => {
      throw error instanceof UserError || error instanceof OperationalError
        ? new ConnectError(
            'not_configured',
            `The credential of ${target.name} is not to be had: ${error.message}`,
            { cause: error },
          )
        : error;
    });
  }
}

const isAboutSignIn = (error: unknown): boolean =>
  error instanceof ConnectError && error.code === 'not_configured';

async function echo(session: CommandSession, target: Target): Promise<string> {
  const wanted = 'aiops-ok';
  let output = '';
  const { exitCode } = await session.run({
    command: `echo ${wanted}`,
    shell: target.shell,
    timeoutMs: COMMAND_TIMEOUT_MS,
    signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
    onOutput: (_stream, chunk) => {
      output += chunk.toString('utf8');
    },
  });
  if (exitCode === 0 && output.includes(wanted)) return `A command ran in the ${target.shell} shell`;
  throw new Error(
    `The test command ended with ${exitCode ?? 'a signal'}. Is "${target.shell}" the right shell? It said: ${output.slice(0, 200)}`,
  );
}
