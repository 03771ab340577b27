import { id, ids, sshFingerprint } from './example-values.js';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGITOChcOPzlU9Pz9r8C82qFnLUcm2wqam0KLaNKFqBB';
const privateKey =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA…\n-----END OPENSSH PRIVATE KEY-----\n';
/** As `ssh-keygen -lv` draws a key. */
const randomart = `+--[ED25519 256]--+
|        .o+.     |
|       . =o.     |
|      . B.=      |
|     . * O .     |
|      o S +      |
|       = + .     |
|      . E        |
|                 |
|                 |
+----[SHA256]-----+`;

/** Of what runbooks run on, and of what it takes to get there. */
export const targetComponents: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Credential: {
    id: ids.credential,
    name: 'web-key',
    secret: '***',
    fingerprint: sshFingerprint,
    age_days: 12,
  },
  CredentialInput: {
    kind: 'ssh_key',
    secret: privateKey,
  },
  CredentialRotation: {
    tests: [
      { target_id: ids.target, target: 'web-1', ok: true, message: 'Signed in as aiops within 214 ms' },
    ],
  },
  CredentialRotationInput: { secret: privateKey, reason: 'it is a year old' },
  HostKey: {
    id: id(17),
    algorithm: 'ssh-ed25519',
    fingerprint: sshFingerprint,
    randomart,
    public_key: publicKey,
    status: 'accepted',
    certificate: null,
  },
  KnownHostRule: {
    id: id(22),
    hosts: '*.shop.example.com',
    algorithm: 'ssh-ed25519',
    fingerprint: sshFingerprint,
    public_key: publicKey,
    comment: 'our certificate authority',
  },
  Target: {
    id: ids.target,
    name: 'web-1',
    host: 'web-1.example.com',
    port: 22,
    username: 'aiops',
    labels: { service: 'shop' },
    credential_id: null,
    host_key_status: 'accepted',
  },
  TargetTestResult: {
    stages: [
      { name: 'resolve', ok: true, message: 'web-1.example.com is 192.0.2.10', duration_ms: 1 },
      { name: 'connect', ok: true, message: 'Port 22 is open', duration_ms: 3 },
    ],
  },
  KnownHostsPlan: {
    text: `web-1.example.com ${publicKey}`,
    message: 'The key of web-1 is trusted before it is seen',
    fingerprint: sshFingerprint,
    name: 'web-1',
  },
};
