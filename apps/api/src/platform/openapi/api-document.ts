import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { finishDocument } from './finish-document.js';
import { groups, introduction } from './introduction.js';

/** Version of the API, not of the product; docs/API_CHANGELOG.md says what changed with it. */
export const API_VERSION = '1.0.0';

/** The document of every route of this engine, as OpenAPI 3.1. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('AIOps Remediation Engine')
    .setVersion(API_VERSION)
    .setDescription(introduction)
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
    swaggerOptions: {
      // Without the bar on top, whose logo brings a style that the policy of our pages does not know.
      layout: 'BaseLayout',
      // A reload must not ask for the token again; it stays in this browser.
      persistAuthorization: true,
      docExpansion: 'none',
      filter: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      defaultModelsExpandDepth: 0,
    },
  });
}
