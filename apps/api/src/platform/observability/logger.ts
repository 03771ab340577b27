import { createRequire } from 'node:module';
import { format } from 'node:util';
import type { Params } from 'nestjs-pino';
import type { DestinationStream, LogFn } from 'pino';
import type { PrettyOptions } from 'pino-pretty';
import type { AppConfig } from '../config/config.js';
import type { Settings } from '../config/config.schema.js';
import { activeTrace } from './active-trace.js';
import { logRedaction, type LogRedaction } from './log-redaction.js';
import { ownSecretsOf } from './own-secrets.js';

const levelByEnvironment = {
  development: 'info',
  test: 'warn',
  staging: 'info',
  production: 'info',
} as const;

/**
 * One JSON event per line, each with the trace that it belongs to; requests are logged when they fail, secrets never.
 * @param destination instead of standard output, for tests
 */
export function loggerOptions(config: AppConfig, destination?: DestinationStream): Params {
  const redaction = logRedaction(ownSecretsOf(config));
  const options = {
    level: config.settings.LOG_LEVEL ?? levelByEnvironment[config.settings.APP_ENV],
    autoLogging: false,
    quietReqLogger: true,
    base: { service: config.settings.OTEL_SERVICE_NAME ?? 'aiops' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    mixin: traceFields,
    // Errors are plain objects by then.
    wrapSerializers: false,
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(given: unknown[], log: LogFn) {
        const [fields, message] = readLine(given, redaction);
        if (message === undefined) log.call(this, fields);
        else log.call(this, fields, message);
      },
    },
  };
  const isPretty = logFormat(config.settings, process.stdout.isTTY) === 'pretty';
  const stream = destination ?? (isPretty ? prettyStream() : undefined);
  return {
    // No logger per request: none is used, and making one costs a tenth of the time of an ingested alert.
    forRoutes: [],
    pinoHttp: stream === undefined ? options : [options, stream],
  };
}

/** Names as OpenTelemetry has them for logs that are no OTLP: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/ */
function traceFields(): object {
  const trace = activeTrace();
  return trace === undefined ? {} : { trace_id: trace.context.traceId, span_id: trace.spanId };
}

/** What pino is called with, as fields and a message, both without secrets. */
function readLine(given: unknown[], redaction: LogRedaction): [object, string | undefined] {
  const [first, ...rest] = given;
  const hasFields = typeof first === 'object' && first !== null;
  const words = hasFields ? rest : given;
  const fields = hasFields
    ? (redaction.value(first instanceof Error ? { err: first } : first) as Record<string, unknown>)
    : {};
  if (words.length > 0) return [fields, redaction.text(format(...words))];
  const { err } = fields;
  const said = typeof err === 'object' && err !== null && 'message' in err ? err.message : undefined;
  return [fields, typeof said === 'string' ? said : undefined];
}

/** Lines for people where people look on, and for machines everywhere else; what is set goes before that. */
export function logFormat(
  { LOG_FORMAT, APP_ENV }: Pick<Settings, 'LOG_FORMAT' | 'APP_ENV'>,
  isTerminal: boolean,
): 'json' | 'pretty' {
  return LOG_FORMAT ?? (APP_ENV === 'development' && isTerminal ? 'pretty' : 'json');
}

function prettyStream(): DestinationStream {
  // Loaded only here: nobody in production needs it.
  const pretty = createRequire(import.meta.url)('pino-pretty') as (
    options: PrettyOptions,
  ) => DestinationStream;
  return pretty({
    sync: true,
    ignore: 'service,pid,hostname,span_id',
    translateTime: 'SYS:HH:MM:ss.l',
    messageFormat: '{if context}{context}: {end}{msg}',
  });
}
