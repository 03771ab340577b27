import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const REGION = 'eu-west-1';
const SERVICE = 'secretsmanager';

/**
 * A server that speaks the wire protocol of AWS Secrets Manager, AWS JSON 1.1, and checks the signature of every call
 * (version 4, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html) as the real one does.
 */
export class AwsServer {
  readonly accessKeyId = 'AKIDEXAMPLE';
  readonly secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  readonly region = REGION;
  /** Secrets by name, text or bytes. */
  readonly secrets = new Map<string, string | Buffer>();
  /** Names that the policy of the caller forbids. */
  readonly forbidden = new Set<string>();
  /** Calls that are still to fail as an outage of the service does. */
  failing = 0;
  reads = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<AwsServer> {
    const server = createServer();
    const aws = new AwsServer(server);
    server.on('request', (request: IncomingMessage, response) => {
      void aws.handle(request).then(({ status, body }) => {
        response.writeHead(status, {
          'Content-Type': 'application/x-amz-json-1.1',
          'x-amzn-RequestId': randomUUID(),
        });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return aws;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  stop(): Promise<void> {
    return new Promise((closed) => {
      this.server.close(() => closed());
      this.server.closeAllConnections();
    });
  }

  private async handle(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    this.reads += 1;
    if (this.failing > 0) {
      this.failing -= 1;
      return {
        status: 500,
        body: { __type: 'InternalServiceError', Message: 'An error occurred on the server side.' },
      };
    }
    const wrong = this.wrongSignature(request, text);
    if (wrong !== undefined) return failed(wrong.type, wrong.message);
    if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') {
      return failed('UnknownOperationException', '');
    }
    return this.getSecretValue((JSON.parse(text) as { SecretId: string }).SecretId);
  }

  private getSecretValue(id: string): { status: number; body: unknown } {
    const name = /^arn:aws:secretsmanager:[^:]+:\d+:secret:(.+)-[A-Za-z0-9]{6}$/.exec(id)?.[1] ?? id;
    if (this.forbidden.has(name)) {
      const who = 'arn:aws:iam::123456789012:user/aiops';
      const what = `secretsmanager:GetSecretValue on resource: ${name}`;
      return failed('AccessDeniedException', `User: ${who} is not authorized to perform: ${what}`);
    }
    const secret = this.secrets.get(name);
    if (secret === undefined) {
      return failed('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    const value =
      typeof secret === 'string' ? { SecretString: secret } : { SecretBinary: secret.toString('base64') };
    const body = {
      ARN: `arn:aws:secretsmanager:${REGION}:123456789012:secret:${name}-AbCdEf`,
      CreatedDate: 1_763_000_000.123,
      Name: name,
      VersionId: randomUUID(),
      VersionStages: ['AWSCURRENT'],
      ...value,
    };
    return { status: 200, body };
  }

  private wrongSignature(
    request: IncomingMessage,
    body: string,
  ): { type: string; message: string } | undefined {
    const given = String(request.headers['authorization'] ?? '');
    const parts =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
        given,
      );
    if (parts === null)
      return { type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' };
    const [, id, date = '', region, service, signed = '', signature] = parts;
    if (id !== this.accessKeyId || region !== REGION || service !== SERVICE) {
      return {
        type: 'UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      };
    }
    const lines = signed.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
    const canonical = [request.method, request.url, '', lines.join(''), signed, sha256(body)].join('\n');
    const scope = `${date}/${REGION}/${SERVICE}/aws4_request`;
    const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
    const key = [date, REGION, SERVICE, 'aws4_request'].reduce<string | Buffer>(
      hmac,
      `AWS4${this.secretAccessKey}`,
    );
    if (hmac(key, toSign).toString('hex') === signature) return undefined;
    return {
      type: 'InvalidSignatureException',
      message: 'The request signature we calculated does not match the signature you provided.',
    };
  }
}

const failed = (type: string, message: string) => ({ status: 400, body: { __type: type, Message: message } });
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text, 'utf8').digest();
