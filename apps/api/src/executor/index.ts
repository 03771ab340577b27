export { credentialsAtRest } from './credential/credential-secrets.service.js';
export { SecretReader } from './credential/secret.reader.js';
export { ConnectError, ConnectionLostError, type ConnectErrorCode } from './errors.js';
export { ExecutorModule } from './executor.module.js';
export {
  HttpClient,
  HttpRequestError,
  type HttpRequest,
  type HttpResponse,
} from './http/http-client.service.js';
export type { CommandOutcome, CommandRequest, CommandSession } from './ssh/command-session.js';
export { CommandSessions } from './ssh/command-sessions.service.js';
export { TargetReader } from './target/target.reader.js';
export type { Target } from './target/target.repository.js';
