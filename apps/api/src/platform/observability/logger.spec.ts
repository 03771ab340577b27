import { generateSshKey } from '@aiops/testing';
import { Logger, PinoLogger } from 'nestjs-pino';
import { QueryFailedError } from 'typeorm';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppConfig, readSettings } from '../config/config.js';
import { enterTrace } from './active-trace.js';
import { logFormat, loggerOptions } from './logger.js';

const jwt = 'jwt-secret-0123456789abcdef0123456789abcdef';
const encryption = Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64');
const env = {
  APP_ENV: 'test',
  LOG_LEVEL: 'trace',
  JWT_SECRETS: `k1:${jwt}`,
  ENCRYPTION_KEYS: `e1:${encryption}`,
  ADMIN_PASSWORD: 'correct horse battery',
  METRICS_TOKEN: 'metrics-token-0123456789',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-team=collector-token-abc',
};

/** The logger as the engine has it, which nestjs-pino makes once a process, and its lines. */
const lines: string[] = [];
const config = new AppConfig(readSettings(env), 'postgresql://aiops:s3cr%65t-of-db@db:5432/aiops');
const params = loggerOptions(config, { write: (line: string) => void lines.push(line) });
const logger = new Logger(new PinoLogger(params), params);
const instance = PinoLogger.root;
beforeEach(() => lines.splice(0));

const pem = generateSshKey('ed25519').private;
const pemBody = pem.split('\n')[2] ?? '';
const jsonToken = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJlLXBhcnQ';
const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA';

/** Each secret that the product knows as it turns up in a text; the second is what must not be read. */
const inText: [string, string, string][] = [
  ['the engine’s own API key', 'refused aiops_k1_0123456789abcdefghij', '0123456789abcdefghij'],
  ['an access token', `sent Bearer ${jsonToken}`, 'c2lnbmF0dXJlLXBhcnQ'],
  ['a JSON web token alone', `token ${jsonToken} is old`, 'eyJzdWIiOiJhZG1pbiJ9'],
  ['HTTP basic', 'Authorization: Basic YWRtaW46c2VjcmV0LXBhc3M=', 'YWRtaW46c2VjcmV0LXBhc3M'],
  ['another scheme', 'authorization: GenieKey eb243592-faa2-4ba2-a551', 'eb243592'],
  ['an OpenAI key', 'Incorrect API key: sk-proj-abcdefghij0123456789', 'abcdefghij0123456789'],
  ['an Anthropic key', 'sk-ant-api03-zyxwvutsrq9876543210', 'zyxwvutsrq'],
  ['a Google key', 'key AIzaSyA-0123456789abcdefghijklmnopqrstu', 'AIzaSyA'],
  ['a private SSH key', `cannot parse ${pem}`, pemBody],
  ['a private key that was cut', `cannot parse ${pem.slice(0, 150)}`, pemBody],
  ['a private key in JSON', JSON.stringify({ text: pem }), pemBody],
  ['the password of a database', 'postgresql://aiops:pa55w0rd@db:5432/x is away', 'pa55w0rd'],
  ['a cookie', 'Cookie: aiops_refresh=abcdef0123456789; theme=dark', 'abcdef0123456789'],
  ['a cookie that is set', 'Set-Cookie: sid=zzz999xxx888; HttpOnly', 'zzz999xxx888'],
  ['a Slack webhook', 'POST https://hooks.slack.com/services/T01/B02/xYz123AbC 404', 'xYz123AbC'],
  [
    'a Teams webhook',
    'https://acme.webhook.office.com/webhookb2/11-22@33/IncomingWebhook/44/55',
    'webhookb2',
  ],
  ['a Slack token', 'xoxb-1234567890-abcdefghijk', '1234567890-abcdefghijk'],
  ['a webhook’s signing secret', 'signed with whsec_C2FVsBQIhrscChlQIMV', 'C2FVsBQIhrscChlQIMV'],
  ['a token in a query', 'GET /hook?token=tok-en-123456&x=1', 'tok-en-123456'],
  ['an OIDC code', 'GET /callback?code=spl1Ck3tC0de&state=1', 'spl1Ck3tC0de'],
  [
    'a refresh token that is set',
    'Set-Cookie: __Host-aiops_refresh=r3fr3shT0k3n; Path=/; HttpOnly',
    'r3fr3shT0k3n',
  ],
  [
    'an OIDC client secret',
    'grant_type=authorization_code&client_secret=0idcCl1entS3cr3t',
    '0idcCl1entS3cr3t',
  ],
  ['a passphrase in JSON', JSON.stringify({ passphrase: 'open-sesame-77' }), 'open-sesame-77'],
  ['an SMTP log-in', '> AUTH PLAIN AGFkYQBzbXRwLXBhc3M5OQ==', 'AGFkYQBzbXRwLXBhc3M5OQ'],
  ['the address of a mail server', 'smtps://ada:smtp-pass99@mail.example.com:465 refused', 'smtp-pass99'],
  ['a TOTP secret', 'otpauth://totp/AIOps:ada?secret=JBSWY3DPEHPK3PXP&issuer=AIOps', 'JBSWY3DPEHPK3PXP'],
  ['a Vault token', 'denied to hvs.CAESIJ0123456789', 'CAESIJ0123456789'],
  ['a Vault header', 'X-Vault-Token: s.0123456789abcdef', '0123456789abcdef'],
  ['an AWS key', 'AKIAIOSFODNN7EXAMPLE is not active', 'AKIAIOSFODNN7EXAMPLE'],
  ['a password in JSON', 'sent {"username":"ada","password":"hunter2!x"}', 'hunter2!x'],
  ['a password in escaped JSON', JSON.stringify('{"api_key":"k-e-y-9"}'), 'k-e-y-9'],
  ['a password in a form', 'grant_type=password&password=hunter22&x=1', 'hunter22'],
  ['the hash of a password', `stored ${hash}`, 'aGFzaGhhc2hoYXNoaGFzaA'],
  ['a key that signs tokens', `cannot use ${jwt}`, jwt],
  ['a key that encrypts', `cannot use ${encryption}`, encryption],
  ['the administrator’s first password', 'tried correct horse battery', 'correct horse'],
  ['the token of /metrics', 'got metrics-token-0123456789', 'metrics-token-0123456789'],
  ['the collector’s token', 'sent collector-token-abc', 'collector-token-abc'],
  ['the engine’s database password', 'authentication failed: s3cret-of-db', 's3cret-of-db'],
];
/** Fields whose value is secret whatever it looks like. */
const fields = [
  'password',
  'secret',
  'signing_secret',
  'client_secret',
  'api_key',
  'apiKey',
  'token',
  'access_token',
  'refreshToken',
  'passphrase',
  'private_key',
  'privateKey',
  'authorization',
  'cookie',
  'set-cookie',
  'webhook_url',
  'kubeconfig',
  'routing_key',
  'encryption_key',
  'recovery_codes',
  'totp_secret',
  'oidc_client_secret',
  'vault_token',
  'smtp_password',
  'credential_passphrase',
  'client_key',
  'client-key-data',
];

describe('the log', () => {
  it.each(inText)('never shows %s', (_what, text, secret) => {
    const cause = new Error(text, { cause: new Error(`deep: ${text}`) });
    logger.log(text);
    logger.warn({ reason: text, deep: [{ deeper: { text } }] }, 'with fields');
    logger.error({ err: new Error('outer', { cause }) }, 'with causes');
    logger.error(new AggregateError([cause], `all: ${text}`));
    logger.error({ problem: { inner: cause } });
    logger.error(text, cause.stack, 'Context');
    instance.info('formatted %s and %j', text, { text });
    instance.error(cause);
    instance.child({ a: 1 }).warn({ note: text });
    expect(lines).toHaveLength(9);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it.each(fields)('never shows what stands under %s', (name) => {
    logger.warn({ [name]: 'plain-looking', headers: { [name]: ['plain-looking'] } }, 'x');
    logger.error(Object.assign(new Error('x'), { config: { [name]: 'plain-looking' } }));
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain('plain-looking');
  });

  it('shows no values of a statement that failed, and no row that was refused', () => {
    const driver = Object.assign(new Error('violates a check'), {
      code: '23514',
      detail: 'Failing row contains (1, stored-value).',
    });
    logger.error(new QueryFailedError('INSERT INTO users VALUES ($1)', ['bound-value'], driver));
    expect(lines[0]).toContain('INSERT INTO users');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { type: 'QueryFailedError', code: '23514' } });
    expect(lines.join('')).not.toMatch(/stored-value|bound-value/);
  });

  it('keeps everything else, and survives whatever it is given', () => {
    const circle: Record<string, unknown> = { n: 1, big: 7n, at: new Date(0), bytes: Buffer.from('abc') };
    circle['self'] = circle;
    logger.warn(
      { circle, token_count: 3, credential_id: 'c1', ok: true, nothing: null },
      'hello %s',
      'Context',
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      service: 'aiops',
      msg: 'hello %s',
      circle: { n: 1, big: '7', at: '1970-01-01T00:00:00.000Z', bytes: '[3 bytes]', self: '[circular]' },
      token_count: 3,
      credential_id: 'c1',
      ok: true,
      nothing: null,
    });
  });

  it('says on each line of a request or job in which trace it was, and on others nothing', () => {
    const context = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: null, flags: 0, state: null };
    enterTrace({ context, spanId: '00f067aa0ba902b7', recorder: null, mayTell: () => false }, () =>
      logger.warn('inside'),
    );
    logger.warn('outside');
    const [inside, outside] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(inside).toMatchObject({ trace_id: context.traceId, span_id: '00f067aa0ba902b7' });
    expect(outside).not.toHaveProperty('trace_id');
  });

  it('is for people on a terminal in development, and JSON for machines everywhere else', () => {
    const environments = ['development', 'test', 'staging', 'production'] as const;
    const formats = (isTerminal: boolean) =>
      environments.map((APP_ENV) => logFormat({ APP_ENV, LOG_FORMAT: undefined }, isTerminal));
    expect(formats(true)).toEqual(['pretty', 'json', 'json', 'json']);
    expect(formats(false)).toEqual(['json', 'json', 'json', 'json']);
    expect(logFormat({ APP_ENV: 'production', LOG_FORMAT: 'pretty' }, false)).toBe('pretty');
    expect(logFormat({ APP_ENV: 'development', LOG_FORMAT: 'json' }, true)).toBe('json');
  });
});
