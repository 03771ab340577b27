import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger as PinoLogger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { type AppConfig, Metrics, Shutdown } from './platform/index.js';
import { LiveAdapter } from './live/index.js';
import { limitBodies } from './platform/http/body-limits.js';
import { answerClientError } from './platform/http/client-error.js';
import { HttpDrain } from './platform/http/http-drain.js';
import { problemPage } from './platform/http/problem-docs.js';
import { PROBLEM_PAGE } from './platform/http/problem-types.js';
import { CallContext, originOf } from './platform/http/call-context.js';
import { answerFrameworkError, ProblemFilter } from './platform/http/problem.filter.js';
import { secureAnswer, secureAnswers } from './platform/http/security-headers.js';
import { serveWebApp } from './platform/http/web-app.js';
import { traceRequests } from './platform/observability/http-spans.js';
import { traceOfRequest } from './platform/observability/trace-context.js';
import { Tracing } from './platform/observability/tracing.service.js';
import { measureRequests } from './platform/metrics/http-metrics.js';
import { serveApiDocument } from './platform/openapi/api-document.js';
import { limitRequests } from './platform/rate-limit/rate-limit.hooks.js';
import { RateLimits } from './platform/rate-limit/rate-limits.js';
import { createValidationPipe } from './platform/http/validation.pipe.js';

/** Built web app beside the engine; absent while only the engine is developed. */
const webDist = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** What pages of other origins may read of an answer besides its body. */
const exposedHeaders = [
  'Location',
  'Retry-After',
  'X-Trace-ID',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
];

/** The engine, wired and not yet listening. `root` is another root module around it, for tests. */
export async function createApp(
  config: AppConfig,
  root: DynamicModule = AppModule.forConfig(config),
): Promise<NestFastifyApplication> {
  const limits = new RateLimits(config.settings);
  const proxies = config.settings.TRUSTED_PROXIES;
  const adapter = new FastifyAdapter({
    bodyLimit: config.settings.BODY_LIMIT_BYTES,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      traceOfRequest(request.headers).traceId,
    // As long as headers may be: what is too long is then refused by the route, with a problem that names the field.
    routerOptions: { maxParamLength: 16_384 },
    // What cannot be read has no route and meets no hook.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      secureAnswer(request, reply);
      if (limits.admit('api', request, reply)) answerFrameworkError(error, request, reply);
    },
    trustProxy: proxies.length > 0 ? proxies : false,
    clientErrorHandler: answerClientError,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // Alertmanager and Prometheus keep connections open for long.
    keepAliveTimeout: 75_000,
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(PinoLogger));
  app.setGlobalPrefix('api/v1', { exclude: ['health', 'health/*path', 'metrics'] });
  app.useGlobalPipes(createValidationPipe());
  app.useWebSocketAdapter(new LiveAdapter(app, config.settings));
  const origins = config.settings.CORS_ALLOWED_ORIGINS;
  // With credentials a browser takes no wildcard: every origin is answered with itself.
  if (origins.length > 0) {
    app.enableCors({ origin: origins.includes('*') || origins, credentials: true, exposedHeaders });
  }
  const fastify = app.getHttpAdapter().getInstance();
  new HttpDrain(fastify.server, app.get(Shutdown));
  app.useGlobalFilters(new ProblemFilter(traceRequests(fastify, app.get(Tracing))));
  secureAnswers(fastify);
  limitBodies(fastify, config.settings.BODY_LIMIT_BYTES);
  measureRequests(fastify, app.get(Metrics));
  limitRequests(fastify, limits);
  const call = app.get(CallContext);
  fastify.addHook('preHandler', (request, _reply, done) => {
    call.learn({ origin: originOf(request) });
    done();
  });
  fastify.addContentTypeParser(
    ['application/yaml', 'application/x-yaml', 'text/yaml'],
    { parseAs: 'string' },
    (_request, body, done) => done(null, { yaml: body }),
  );
  serveApiDocument(app);
  fastify.get(PROBLEM_PAGE, (_request, reply) => reply.type('text/html; charset=utf-8').send(problemPage()));
  if (existsSync(webDist)) await serveWebApp(fastify, webDist);
  return app;
}
