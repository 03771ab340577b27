import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { finishDocument } from './finish-document.js';

/** Version of the API, not of the product; docs/API_CHANGELOG.md says what changed with it. */
export const API_VERSION = '1.0.0';

const groups: Record<string, string> = {
  ingest: 'Where senders post their alerts',
  'ingest-mappings': 'How the fields of a generic source are found',
  alerts: 'Alerts, their timeline and what people do with them',
  rules: 'What is to be done about which alerts',
  runbooks: 'Runbooks, their versions, and starting them',
  'runbook-templates': 'Runbooks to begin with',
  executions: 'Runs of runbooks: plans, approvals, steps, output',
  targets: 'Hosts on which steps run, and their host keys',
  'known-hosts': 'Certificate authorities, revoked keys and known_hosts files',
  credentials: 'Secrets by which targets are reached; write-only',
  'llm-providers': 'Models that analyse alerts',
  'notification-channels': 'Where messages go',
  'notification-policies': 'Which messages go where',
  notifications: 'Messages and their delivery',
  'failed-operations': 'Work that used up its attempts',
  'feature-flags': 'What is switched on for whom',
  auth: 'Signing in',
  users: 'People and their roles',
  'api-keys': 'Keys of senders and programs',
  health: 'For probes',
  metrics: 'For Prometheus',
};

/** The document of every route of this engine, as OpenAPI 3.1. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('AIOps Remediation Engine')
    .setVersion(API_VERSION)
    .setDescription(
      'From a firing alert to a proven fix. Errors are RFC 9457 problems; times are RFC 3339 in UTC.',
    )
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This engine')
    .addBearerAuth({ type: 'http', description: 'An access token, or an API key' }, 'bearer')
    .addBasicAuth({ type: 'http', description: 'For senders: an API key as the password' }, 'basic')
    .addApiKey({ type: 'apiKey', in: 'query', name: 'key', description: 'For senders: an API key' }, 'key');
  for (const [name, description] of Object.entries(groups)) builder.addTag(name, description);
  return finishDocument(SwaggerModule.createDocument(app, builder.build()));
}

/** Serves the document at `/api/v1/openapi.json` and a reader for it at `/api/docs`; made when it is first asked for. */
export function serveApiDocument(app: INestApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('api/docs', app, () => (document ??= apiDocument(app)), {
    jsonDocumentUrl: 'api/v1/openapi.json',
    raw: ['json'],
    customSiteTitle: 'AIOps API',
  });
}
