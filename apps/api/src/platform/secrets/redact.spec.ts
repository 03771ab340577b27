import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactSecrets, redactText } from './redact.js';

describe('redactText', () => {
  it.each([
    ['Authorization: Bearer abcdefghijkl', 'Authorization: Bearer ***'],
    ['the key aiops_k1_0123456789abcdef is bad', 'the key aiops_*** is bad'],
    ['Incorrect API key provided: sk-proj-0123456789', 'Incorrect API key provided: sk-***'],
    ['postgresql://aiops:pa55@db:5432/aiops is away', 'postgresql://aiops:***@db:5432/aiops is away'],
    ['https://x.test/hook?key=abc123&b=2', 'https://x.test/hook?key=***&b=2'],
    ['https://hooks.slack.com/services/T0/B0/xyz', 'https://hooks.slack.com/services/***'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\nrest', '***\nrest'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '***'],
  ])('takes the secret out of %j', (text, wanted) => {
    expect(redactText(text)).toBe(wanted);
  });

  it.each(['connect ECONNREFUSED 127.0.0.1:8080', 'https://grafana.test/d/1?panel=2', 'Bearer of bad news'])(
    'leaves %j as it is',
    (text) => {
      expect(redactText(text)).toBe(text);
    },
  );
});

describe('redactSecrets', () => {
  it('masks what stands under the name of a secret, at any depth, and nothing else', () => {
    const payload = {
      notification_id: '0192',
      credential_id: '0193',
      token_count: 3,
      channel: { webhook_url: 'https://x.test', name: 'ops', password: '', hasPassword: true },
      steps: [{ env: { DB_PASSWORD: 'pa55', API_KEY: 'k', PATH: '/bin' } }],
      note: 'sent with Bearer 0123456789',
      nothing: null,
    };
    expect(redactSecrets(payload)).toEqual({
      notification_id: '0192',
      credential_id: '0193',
      token_count: 3,
      channel: { webhook_url: '***', name: 'ops', password: '', hasPassword: true },
      steps: [{ env: { DB_PASSWORD: '***', API_KEY: '***', PATH: '/bin' } }],
      note: 'sent with Bearer ***',
      nothing: null,
    });
  });

  it('keeps the shape of anything that JSON can hold, and never shows a password', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.stringMatching(/^[a-z0-9]{12}$/), (value, password) => {
        const redacted = redactSecrets({ around: value, deep: [{ password }] });
        expect(JSON.stringify(redacted)).not.toContain(`"password":"${password}"`);
        expect(redactSecrets(redacted)).toEqual(redacted);
      }),
    );
  });
});
