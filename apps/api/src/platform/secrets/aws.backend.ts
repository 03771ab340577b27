import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { messageOf } from '../errors/errors.js';
import { away, fieldOf, refused, type SecretBackend } from './secret-backend.js';

export interface AwsPlace {
  region: string;
  /** Another endpoint than the region's public one. */
  endpoint: string | undefined;
  timeoutMs: number;
}

/** Errors that a person must mend: https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html */
const permanent = new Set([
  'AccessDeniedException',
  'CredentialsProviderError',
  'DecryptionFailure',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidParameterException',
  'InvalidRequestException',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'ResourceNotFoundException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
]);

/** Secrets in AWS Secrets Manager; who we are comes from the SDK's own chain (environment, IRSA, instance role …). */
export class AwsBackend implements SecretBackend<'aws'> {
  readonly scheme = 'aws';
  private client: Promise<SecretsManagerClient> | undefined;

  constructor(private readonly place: AwsPlace) {}

  async fetch({ id, key }: { id: string; key: string | undefined }): Promise<string> {
    const where = `The AWS secret ${id}`;
    const text = await this.read(id, where);
    if (key === undefined) return text;
    return fieldOf(where, parseJson(text, where), key);
  }

  async close(): Promise<void> {
    (await this.client)?.destroy();
  }

  private async read(id: string, where: string): Promise<string> {
    const { GetSecretValueCommand } = await sdk();
    this.client ??= this.connect();
    const client = await this.client;
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: id }), {
        abortSignal: AbortSignal.timeout(this.place.timeoutMs),
      });
      if (answer.SecretString !== undefined && answer.SecretString !== '') return answer.SecretString;
    } catch (error) {
      const name = error instanceof Error ? error.name : 'Error';
      const text = `${where} cannot be read: ${name}: ${messageOf(error)}`;
      throw permanent.has(name) ? refused(text) : away(text, error);
    }
    throw refused(`${where} holds no text.`);
  }

  private async connect(): Promise<SecretsManagerClient> {
    const { SecretsManagerClient } = await sdk();
    const { region, endpoint, timeoutMs } = this.place;
    return new SecretsManagerClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      // Trying again is our own matter.
      maxAttempts: 1,
      requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs },
    });
  }
}

/** The SDK is large: it is loaded by those who use it. */
const sdk = () => import('@aws-sdk/client-secrets-manager');

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause: its message quotes the text.
    throw refused(`${where} is no JSON object, so that it has no keys.`);
  }
}
