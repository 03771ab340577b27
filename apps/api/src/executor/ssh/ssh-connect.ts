import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { messageOf } from '../../platform/index.js';
import type { OpenCredential } from '../credential/credential.service.js';
import { ConnectError } from '../errors.js';
import { algorithmOrder, describeKey, type PresentedKey } from '../host-key/host-key.js';
import type { Target } from '../target/target.repository.js';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_MS = 10_000;
const KEEPALIVES_LOST = 3;

export interface ConnectOptions {
  target: Target;
  credential: OpenCredential;
  /** Algorithms of the accepted host keys. */
  acceptedAlgorithms: string[];
  /** Looks at the host key before anything else is sent; a reason ends the connection. */
  verify(key: PresentedKey): Promise<ConnectError | null>;
  signal: AbortSignal;
}

/** An authenticated connection. @throws ConnectError */
export function sshConnect(options: ConnectOptions): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let refusal: ConnectError | undefined;
    const fail = (error: unknown): void => {
      options.signal.removeEventListener('abort', onAbort);
      client.removeAllListeners();
      // A late error of a connection that is given up must not end the process.
      client.on('error', () => undefined);
      client.destroy();
      reject(refusal ?? asConnectError(error, options.target));
    };
    const onAbort = (): void => fail(new ConnectError('timeout', 'The connection was given up.'));
    if (options.signal.aborted) return onAbort();
    options.signal.addEventListener('abort', onAbort, { once: true });
    client.once('ready', () => {
      options.signal.removeEventListener('abort', onAbort);
      client.removeAllListeners('error');
      client.removeAllListeners('close');
      resolve(client);
    });
    client.once('error', fail);
    client.once('close', () => fail(new Error('the host closed the connection')));
    const verifyKey = (blob: Buffer, decide: (ok: boolean) => void): void => {
      options.verify(describeKey(blob)).then(
        (reason) => {
          refusal = reason ?? undefined;
          decide(reason === null);
        },
        (error: unknown) => fail(error),
      );
    };
    try {
      client.connect(connectConfig(options, verifyKey));
    } catch (error) {
      fail(error);
    }
  });
}

function connectConfig(options: ConnectOptions, hostVerifier: ConnectConfig['hostVerifier']): ConnectConfig {
  const { target, credential } = options;
  const secret =
    credential.kind === 'ssh_key'
      ? { privateKey: credential.secret, passphrase: credential.passphrase }
      : { password: credential.secret };
  return {
    host: target.host,
    port: target.port,
    username: target.username ?? '',
    ...secret,
    hostVerifier,
    readyTimeout: CONNECT_TIMEOUT_MS,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVES_LOST,
    algorithms: { serverHostKey: algorithmOrder(options.acceptedAlgorithms) },
  };
}

const networkAdvice: Record<string, string> = {
  ECONNREFUSED: 'nothing listens on that port; check that sshd runs and the port is right',
  ENOTFOUND: 'its name could not be resolved; check the host name and DNS',
  EAI_AGAIN: 'its name could not be resolved right now; check DNS',
  ETIMEDOUT: 'it did not answer; check that it is up and that no firewall is in between',
  EHOSTUNREACH: 'there is no route to it; check that it is up and the network',
  ENETUNREACH: 'there is no route to it; check the network',
  ECONNRESET: 'it reset the connection',
};

function asConnectError(error: unknown, target: Target): ConnectError {
  if (error instanceof ConnectError) return error;
  const where = `${target.name} (${target.host}:${target.port})`;
  const level = error instanceof Error && 'level' in error ? error.level : undefined;
  if (level === 'client-authentication') {
    return new ConnectError(
      'login_refused',
      `${where} refused the sign-in of "${target.username ?? ''}". Check the user name and that the credential is right and allowed there. Nothing was run.`,
      { cause: error },
    );
  }
  if (level === 'client-timeout') {
    return new ConnectError(
      'timeout',
      `${where} did not finish the SSH handshake in time. Nothing was run.`,
      { cause: error },
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const advice = networkAdvice[code] ?? messageOf(error);
  return new ConnectError('unreachable', `${where} could not be reached: ${advice}. Nothing was run.`, {
    cause: error,
  });
}
