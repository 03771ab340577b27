import { ConnectError } from '../errors.js';
import type { PresentedKey } from './presented-key.js';

interface Named {
  name: string;
}

const asides = (certificateProblem: string | null): string =>
  certificateProblem === null ? '' : ` It came in a certificate that does not count: ${certificateProblem}.`;

export function unknownKey(
  { name }: Named,
  { fingerprint, algorithm }: PresentedKey,
  certificateProblem: string | null,
): ConnectError {
  return new ConnectError(
    'unknown_host_key',
    `${name} presented the host key ${fingerprint} (${algorithm}), which nobody has accepted yet.${asides(certificateProblem)} Nothing was run. Compare it with the host's own (ssh-keygen -lf on the host) and accept it under Targets › ${name}, then start this again.`,
  );
}

export function changedKey(
  { name }: Named,
  { fingerprint }: PresentedKey,
  known: readonly string[],
  certificateProblem: string | null,
): ConnectError {
  return new ConnectError(
    'host_key_changed',
    `The host key of ${name} changed: known is ${known.join(', ')}, presented was ${fingerprint}.${asides(certificateProblem)} Either the host was reinstalled, or somebody is in between. The connection is blocked until the new key is accepted under Targets › ${name}.`,
  );
}

/** Whether the key itself was revoked or the authority behind its certificate: nobody is to go on with either. */
export function revokedKey({ name }: Named, { fingerprint, certificate }: PresentedKey): ConnectError {
  const authority =
    certificate === null ? '' : ` (in a certificate of the authority ${certificate.authority.fingerprint})`;
  return new ConnectError(
    'host_key_changed',
    `${name} presented the host key ${fingerprint}${authority}, which was revoked. The connection is blocked until another key is accepted under Targets › ${name}.`,
  );
}
