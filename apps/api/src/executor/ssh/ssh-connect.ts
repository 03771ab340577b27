import ssh2, { type Client, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { messageOf } from '../../platform/index.js';
import type { OpenCredential } from '../credential/credential-secrets.service.js';
import { ConnectError } from '../errors.js';
import { isCertificate } from '../host-key/certificate.js';
import { readPresented, type PresentedKey } from '../host-key/presented-key.js';
import { WireError } from '../host-key/wire.js';
import type { Target } from '../target/target.repository.js';
import { offerCertificates } from './certificate-exchange.js';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_MS = 10_000;
const KEEPALIVES_LOST = 3;

export interface ConnectOptions {
  target: Target;
  credential: OpenCredential;
  /** Host key algorithms to offer, those that are wanted most first; those of certificates among them. */
  hostKeyAlgorithms: readonly string[];
  /** Looks at the host key before anything else is sent; a reason ends the connection. */
  verify(key: PresentedKey): Promise<ConnectError | null>;
  signal: AbortSignal;
}

/** An authenticated connection, on which errors are listened to. @throws ConnectError, or what `verify` threw. */
export function sshConnect(options: ConnectOptions): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let refusal: Error | undefined;
    let over = false;
    const fail = (error: unknown): void => {
      over = true;
      options.signal.removeEventListener('abort', onAbort);
      client.destroy();
      reject(refusal ?? asConnectError(error, options.target));
    };
    const closed = (): void => fail(new Error('it closed the connection'));
    const onAbort = (): void => fail(new ConnectError('cancelled', 'The connection was given up.'));
    if (options.signal.aborted) return onAbort();
    options.signal.addEventListener('abort', onAbort, { once: true });
    // Its small messages go out at once: each would wait for an answer that the server delays by 40 ms.
    client.once('connect', () => client.setNoDelay(true));
    client.once('ready', () => {
      options.signal.removeEventListener('abort', onAbort);
      client.off('close', closed);
      resolve(client);
    });
    // This one stays: an error that nobody listens to would end the process.
    client.on('error', fail);
    client.once('close', closed);
    answerQuestions(client, options.credential);
    const verifyKey = (blob: Buffer, decide: (ok: boolean) => void): void => {
      // Read at once, from a copy: the bytes are ssh2's.
      void new Promise<ConnectError | null>((judged) => {
        judged(options.verify(readPresented(Buffer.from(blob))));
      })
        .catch((error: unknown) => verifyFailure(error, options.target))
        .then((reason) => {
          // A verdict for a connection that is over makes ssh2 throw, and a host need only hang up to have that.
          if (over) return;
          refusal = reason ?? undefined;
          decide(reason === null);
        })
        .catch(fail);
    };
    try {
      client.connect(connectConfig(options, verifyKey));
      offerCertificates(client, options.hostKeyAlgorithms);
    } catch (error) {
      fail(error);
    }
  });
}

function verifyFailure(error: unknown, target: Target): Error {
  if (error instanceof WireError) {
    return new ConnectError(
      'unreachable',
      `${target.name} showed a host key that cannot be read: ${error.message}. Nothing was run.`,
      { cause: error },
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Servers that ask for the password in a dialogue: one hidden question is it, anything else is not for us to answer. */
function answerQuestions(client: Client, credential: OpenCredential): void {
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) => {
    const asksPassword = prompts.length === 1 && prompts[0]?.echo === false;
    answer(credential.kind === 'password' && asksPassword ? [credential.secret] : []);
  });
}

function connectConfig(options: ConnectOptions, hostVerifier: ConnectConfig['hostVerifier']): ConnectConfig {
  const { target, credential } = options;
  const secret =
    credential.kind === 'ssh_key'
      ? { privateKey: credential.secret, passphrase: credential.passphrase }
      : { password: credential.secret, tryKeyboard: true };
  return {
    host: target.host,
    port: target.port,
    username: target.username ?? '',
    ...secret,
    hostVerifier,
    readyTimeout: CONNECT_TIMEOUT_MS,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVES_LOST,
    algorithms: { serverHostKey: plainAlgorithms(options.hostKeyAlgorithms) },
  };
}

/** Those that ssh2 knows by itself. */
const plainAlgorithms = (names: readonly string[]): ServerHostKeyAlgorithm[] =>
  names.filter((name) => !isCertificate(name)) as ServerHostKeyAlgorithm[];

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
  const failed = (code: 'login_refused' | 'timeout' | 'unreachable', what: string): ConnectError =>
    new ConnectError(code, `${where} ${what}. Nothing was run.`, { cause: error });
  if (level === 'client-authentication') {
    return failed(
      'login_refused',
      `refused the sign-in of "${target.username ?? ''}". Check the user name and that the credential is right and allowed there`,
    );
  }
  if (level === 'client-timeout') {
    return failed(
      'timeout',
      `did not answer as an SSH server within ${CONNECT_TIMEOUT_MS / 1000} s. Check that it is up, the port, and firewalls in between`,
    );
  }
  if (level === 'handshake' || level === 'protocol') {
    return failed(
      'unreachable',
      `and the engine found no way to talk: ${messageOf(error)}. Check that the port is an SSH server's and that it offers current algorithms`,
    );
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return failed('unreachable', `could not be reached: ${networkAdvice[code] ?? messageOf(error)}`);
}
