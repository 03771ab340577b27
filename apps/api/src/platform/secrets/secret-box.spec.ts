import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppConfig } from '../config/config.js';
import { readSettings } from '../config/config.js';
import { maskSecret, SecretBox } from './secret-box.js';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const boxWith = (...keys: string[]): SecretBox =>
  new SecretBox(new AppConfig(readSettings({ APP_ENV: 'test', ENCRYPTION_KEYS: keys.join(',') }), ''));

const [first, second] = [key('first'), key('second')];

describe('SecretBox', () => {
  it('gives back whatever was put in, and never stores the same twice', () => {
    const box = boxWith(first);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, context) => {
        const sealed = box.seal(plain, context);
        expect(box.open(sealed, context)).toBe(plain);
        expect(box.seal(plain, context).sealed).not.toBe(sealed.sealed);
      }),
    );
  });

  it('opens nothing that was moved to another place', () => {
    const box = boxWith(first);
    const sealed = box.seal('root password', 'credential:1');
    expect(() => box.open(sealed, 'credential:2')).toThrow('A secret of credential:2 cannot be decrypted');
  });

  it('opens and rewraps nothing that was changed by a single bit, or cut', () => {
    const box = boxWith(second, first);
    const { keyId, sealed } = box.seal('root password', 'credential:1');
    const parts = sealed.split('.');
    const refuses = (part: number, bytes: Buffer): void => {
      const text = parts.map((whole, at) => (at === part ? bytes.toString('base64') : whole)).join('.');
      expect(() => box.open({ keyId, sealed: text }, 'credential:1')).toThrow('cannot be decrypted');
    };
    for (const part of [1, 2]) {
      const bytes = Buffer.from(parts[part] ?? '', 'base64');
      fc.assert(
        fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
          const changed = Buffer.from(bytes);
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          refuses(part, changed);
        }),
      );
      fc.assert(fc.property(fc.nat(bytes.length - 1), (length) => refuses(part, bytes.subarray(0, length))));
    }
    const swapped = `${parts[0] ?? ''}.${parts[2] ?? ''}.${parts[1] ?? ''}`;
    expect(() => box.rewrap({ keyId, sealed: swapped }, 'credential:1')).toThrow('cannot be decrypted');
    expect(() => box.open({ keyId, sealed: 'no envelope' }, 'credential:1')).toThrow('cannot be decrypted');
  });

  it('rewraps under the newest key what stays encrypted all the while, and needs the old key no more', () => {
    const old = boxWith(first).seal('root password', 'c');
    const anew = boxWith(second, first).rewrap(old, 'c');
    expect(anew.keyId).toBe('second');
    expect(boxWith(second).open(anew, 'c')).toBe('root password');
    expect(anew.sealed.split('.')[2]).toBe(old.sealed.split('.')[2]);
    expect(() => boxWith(second, first).rewrap(old, 'elsewhere')).toThrow('cannot be decrypted');
    expect(() => boxWith(second).rewrap(old, 'c')).toThrow('"first" is not in ENCRYPTION_KEYS');
  });

  it('opens what was stored before there were envelopes, and rewraps it into one', () => {
    const keyBytes = Buffer.from(first.slice('first:'.length), 'base64');
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', keyBytes, nonce).setAAD(Buffer.from('c'));
    const body = Buffer.concat([nonce, cipher.update('root password'), cipher.final(), cipher.getAuthTag()]);
    const stored = { keyId: 'first', sealed: body.toString('base64') };
    expect(boxWith(first).open(stored, 'c')).toBe('root password');
    expect(boxWith(second).open(boxWith(second, first).rewrap(stored, 'c'), 'c')).toBe('root password');
  });

  it('opens under old keys, seals under the newest, and says which key is missing', () => {
    const old = boxWith(first).seal('root password', 'c');
    const rotated = boxWith(second, first);
    expect(rotated.open(old, 'c')).toBe('root password');
    expect(rotated.seal('root password', 'c').keyId).toBe('second');
    expect(() => boxWith(second).open(old, 'c')).toThrow('"first" is not in ENCRYPTION_KEYS');
  });

  it('is not fooled by another key under the same id', () => {
    const sealed = boxWith(first).seal('root password', 'c');
    expect(() => boxWith(key('first')).open(sealed, 'c')).toThrow('cannot be decrypted');
  });
});

describe('maskSecret', () => {
  it('shows enough to recognise a secret and never enough to use it', () => {
    expect(maskSecret('sk-ant-0123456789abcdef')).toBe('sk-a***def');
    expect(maskSecret('short')).toBe('***');
    fc.assert(
      fc.property(fc.string(), (secret) => {
        const shown = maskSecret(secret).replace('***', '');
        expect(shown.length).toBeLessThanOrEqual(secret.length / 2);
      }),
    );
  });
});
