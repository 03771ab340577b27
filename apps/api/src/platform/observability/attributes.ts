import type * as convention from '@opentelemetry/semantic-conventions/incubating';

/*
 * Names of OpenTelemetry's semantic conventions. Only their types come from the package: loading it takes a tenth of a
 * second, also where nothing is traced, and the compiler compares each name all the same.
 */
interface Names {
  errorType: typeof convention.ATTR_ERROR_TYPE;
  environment: typeof convention.ATTR_DEPLOYMENT_ENVIRONMENT_NAME;
  host: typeof convention.ATTR_HOST_NAME;
  instance: typeof convention.ATTR_SERVICE_INSTANCE_ID;
  address: typeof convention.ATTR_SERVER_ADDRESS;
  port: typeof convention.ATTR_SERVER_PORT;
  client: typeof convention.ATTR_CLIENT_ADDRESS;
  method: typeof convention.ATTR_HTTP_REQUEST_METHOD;
  status: typeof convention.ATTR_HTTP_RESPONSE_STATUS_CODE;
  route: typeof convention.ATTR_HTTP_ROUTE;
  path: typeof convention.ATTR_URL_PATH;
  scheme: typeof convention.ATTR_URL_SCHEME;
  userAgent: typeof convention.ATTR_USER_AGENT_ORIGINAL;
  dbSystem: typeof convention.ATTR_DB_SYSTEM_NAME;
  dbNamespace: typeof convention.ATTR_DB_NAMESPACE;
  dbQuery: typeof convention.ATTR_DB_QUERY_TEXT;
  dbSummary: typeof convention.ATTR_DB_QUERY_SUMMARY;
  dbOperation: typeof convention.ATTR_DB_OPERATION_NAME;
  dbStatus: typeof convention.ATTR_DB_RESPONSE_STATUS_CODE;
  queueSystem: typeof convention.ATTR_MESSAGING_SYSTEM;
  queue: typeof convention.ATTR_MESSAGING_DESTINATION_NAME;
  queueOperation: typeof convention.ATTR_MESSAGING_OPERATION_TYPE;
  queueOperationName: typeof convention.ATTR_MESSAGING_OPERATION_NAME;
  queueMessage: typeof convention.ATTR_MESSAGING_MESSAGE_ID;
  queueBatch: typeof convention.ATTR_MESSAGING_BATCH_MESSAGE_COUNT;
  exitCode: typeof convention.ATTR_PROCESS_EXIT_CODE;
  aiOperation: typeof convention.ATTR_GEN_AI_OPERATION_NAME;
  aiProvider: typeof convention.ATTR_GEN_AI_PROVIDER_NAME;
  aiModel: typeof convention.ATTR_GEN_AI_REQUEST_MODEL;
  aiMaxTokens: typeof convention.ATTR_GEN_AI_REQUEST_MAX_TOKENS;
  aiAnswerModel: typeof convention.ATTR_GEN_AI_RESPONSE_MODEL;
  aiAnswerId: typeof convention.ATTR_GEN_AI_RESPONSE_ID;
  aiFinish: typeof convention.ATTR_GEN_AI_RESPONSE_FINISH_REASONS;
  aiInputTokens: typeof convention.ATTR_GEN_AI_USAGE_INPUT_TOKENS;
  aiOutputTokens: typeof convention.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS;
}

export const names: Names = {
  errorType: 'error.type',
  environment: 'deployment.environment.name',
  host: 'host.name',
  instance: 'service.instance.id',
  address: 'server.address',
  port: 'server.port',
  client: 'client.address',
  method: 'http.request.method',
  status: 'http.response.status_code',
  route: 'http.route',
  path: 'url.path',
  scheme: 'url.scheme',
  userAgent: 'user_agent.original',
  dbSystem: 'db.system.name',
  dbNamespace: 'db.namespace',
  dbQuery: 'db.query.text',
  dbSummary: 'db.query.summary',
  dbOperation: 'db.operation.name',
  dbStatus: 'db.response.status_code',
  queueSystem: 'messaging.system',
  queue: 'messaging.destination.name',
  queueOperation: 'messaging.operation.type',
  queueOperationName: 'messaging.operation.name',
  queueMessage: 'messaging.message.id',
  queueBatch: 'messaging.batch.message_count',
  exitCode: 'process.exit.code',
  aiOperation: 'gen_ai.operation.name',
  aiProvider: 'gen_ai.provider.name',
  aiModel: 'gen_ai.request.model',
  aiMaxTokens: 'gen_ai.request.max_tokens',
  aiAnswerModel: 'gen_ai.response.model',
  aiAnswerId: 'gen_ai.response.id',
  aiFinish: 'gen_ai.response.finish_reasons',
  aiInputTokens: 'gen_ai.usage.input_tokens',
  aiOutputTokens: 'gen_ai.usage.output_tokens',
};
