import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OperationalError, UserError } from '../errors/errors.js';
import { AwsBackend } from './aws.backend.js';
import { AwsServer } from './aws-server.fixture.js';

let aws: AwsServer;
beforeAll(async () => {
  aws = await AwsServer.start();
  aws.secrets.set('prod/aiops', JSON.stringify({ jwt: 'k1:secret', port: 5432, nested: {} }));
  aws.secrets.set('plain', 'just text');
  aws.secrets.set('binary', Buffer.from([1, 2, 3]));
  aws.forbidden.add('theirs');
});
afterAll(() => aws.stop());
afterEach(() => {
  vi.unstubAllEnvs();
});

/** The SDK's own chain finds the caller in the environment. */
function backend(secretAccessKey = aws.secretAccessKey): AwsBackend {
  vi.stubEnv('AWS_ACCESS_KEY_ID', aws.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  return new AwsBackend({ region: aws.region, endpoint: aws.endpoint, timeoutMs: 5000 });
}

async function failure(fetching: Promise<string>): Promise<{ kind: string; message: string }> {
  const error: unknown = await fetching.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return { kind: 'refused', message: error.message };
  if (error instanceof OperationalError) return { kind: 'away', message: error.message };
  throw new Error(`Expected a failure, got ${String(error)}`);
}

describe('AwsBackend (R5.1)', () => {
  it('reads a whole secret or one key of its JSON, by name or ARN, with signed calls', async () => {
    const secrets = backend();
    expect(await secrets.fetch({ id: 'plain', key: undefined })).toBe('just text');
    expect(await secrets.fetch({ id: 'prod/aiops', key: 'jwt' })).toBe('k1:secret');
    const id = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/aiops-AbCdEf';
    expect(await secrets.fetch({ id, key: 'port' })).toBe('5432');
  });

  it('says what is wrong with a secret, and never what is in it', async () => {
    const said = async (id: string, key?: string) => failure(backend().fetch({ id, key }));
    expect(await said('nope')).toEqual({
      kind: 'refused',
      message:
        "The AWS secret nope cannot be read: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    });
    expect(await said('theirs')).toEqual({
      kind: 'refused',
      message: expect.stringContaining(
        'AccessDeniedException: User: arn:aws:iam::123456789012:user/aiops is not',
      ) as string,
    });
    expect((await said('prod/aiops', 'nope')).message).toBe('The AWS secret prod/aiops has no key "nope".');
    expect((await said('prod/aiops', 'nested')).message).toContain('is no text');
    expect((await said('binary')).message).toBe('The AWS secret binary holds no text.');
    const plain = await said('plain', 'jwt');
    expect(plain.message).toBe('The AWS secret plain is no JSON object, so that it has no keys.');
  });

  it('says that nobody knows the caller', async () => {
    const forged = await failure(backend('another key').fetch({ id: 'plain', key: undefined }));
    expect(forged.kind).toBe('refused');
    expect(forged.message).toContain('InvalidSignatureException');
  });

  it('takes an outage for away', async () => {
    aws.failing = 1;
    const secrets = backend();
    const outage = await failure(secrets.fetch({ id: 'plain', key: undefined }));
    expect(outage.kind).toBe('away');
    expect(outage.message).toContain('InternalServiceError');
    expect(await secrets.fetch({ id: 'plain', key: undefined })).toBe('just text');
    const gone = new AwsBackend({ region: aws.region, endpoint: 'http://127.0.0.1:1', timeoutMs: 1000 });
    expect((await failure(gone.fetch({ id: 'plain', key: undefined }))).kind).toBe('away');
  });
});
