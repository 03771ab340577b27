import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** What a page asks of `navigator.credentials`, as far as a device reads it. */
interface Options {
  challenge?: unknown;
  rpId?: unknown;
  rp?: { id?: string };
  /** Whose passkey it becomes; `id` in base64url. */
  user?: { id?: string };
}

/** A device with one passkey, as a browser and an authenticator together (WebAuthn Level 3). */
export interface PasskeyDevice {
  credentialId: string;
  /** Answers `navigator.credentials.create`, in the JSON form. */
  create(options: object, origin: string): Record<string, unknown>;
  /** Answers `navigator.credentials.get`; `verified: false` when its person only touched it. */
  get(
    options: object,
    origin: string,
    how?: { verified?: boolean; counter?: number },
  ): Record<string, unknown>;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const MAY_BE_BACKED_UP = 0x08;
const HAS_CREDENTIAL = 0x40;

/** `synced`: the key may be on its person's other devices too. */
export function passkeyDevice({ synced = true } = {}): PasskeyDevice {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const flags = PRESENT | VERIFIED | (synced ? MAY_BE_BACKED_UP : 0);
  let used = 0;
  let handle: string | null = null;
  return {
    credentialId: id.toString('base64url'),
    create: (options, origin) => {
      const { challenge, rp, user } = options as Options;
      handle = user?.id ?? null;
      const authData = Buffer.concat([
        head(rp?.id ?? '', flags | HAS_CREDENTIAL, synced ? 0 : ++used),
        Buffer.alloc(16),
        uint16(id.length),
        id,
        coseKey(publicKey),
      ]);
      const attestation = cbor(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData],
        ]),
      );
      return credential(id, {
        clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      });
    },
    get: (options, origin, { verified = true, counter } = {}) => {
      const { challenge, rpId } = options as Options;
      const client = clientData('webauthn.get', challenge, origin);
      const count = counter ?? (synced ? 0 : ++used);
      const authData = head(String(rpId), verified ? flags : flags & ~VERIFIED, count);
      const signed = Buffer.concat([authData, sha256(client)]);
      return credential(id, {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
        userHandle: handle,
      });
    },
  };
}

const credential = (id: Buffer, response: object): Record<string, unknown> => ({
  id: id.toString('base64url'),
  rawId: id.toString('base64url'),
  type: 'public-key',
  clientExtensionResults: {},
  response,
});

const clientData = (type: string, challenge: unknown, origin: string): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();

/** Authenticator data (WebAuthn, 6.1) without what is attested. */
function head(rpId: string, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([sha256(rpId), Buffer.of(flags), count]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** An ES256 key as COSE writes it (RFC 9053, 7.1.1). */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return cbor(
    new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  );
}

/** As much of CBOR (RFC 8949) as an authenticator writes. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value >= 0 ? item(0, value) : item(1, -1 - value);
  if (Buffer.isBuffer(value)) return Buffer.concat([item(2, value.length), value]);
  if (typeof value === 'string')
    return Buffer.concat([item(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) {
    const entries = [...(value as Map<unknown, unknown>)].flatMap(([key, inner]) => [cbor(key), cbor(inner)]);
    return Buffer.concat([item(5, value.size), ...entries]);
  }
  throw new Error(`No CBOR for ${typeof value}`);
}

function item(major: number, count: number): Buffer {
  if (count < 24) return Buffer.of((major << 5) | count);
  if (count < 256) return Buffer.of((major << 5) | 24, count);
  return Buffer.concat([Buffer.of((major << 5) | 25), uint16(count)]);
}
