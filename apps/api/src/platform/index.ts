export { anonymousActor, AuditLog, type AuditActor, type AuditRecord } from './audit/audit-log.service.js';
export { AuditVerifier, type Verification } from './audit/chain/audit-verifier.service.js';
export { parseAnchor } from './audit/chain/chain-check.js';
export { audited, type Audited, type AuditSubject } from './audit/audit-subject.js';
export { Clock, newId } from './clock.js';
export { CommandLineModule } from './command-line.module.js';
export { AppConfig, CONFIG_EXIT_CODE, ConfigError } from './config/config.js';
export { loadSettings } from './config/config.load.js';
export { withDevelopmentKeys } from './config/development-keys.js';
export { allInOrder } from './database/all-in-order.js';
export { arrayLiteral } from './database/array-literal.js';
export { Describe } from './openapi/describe.js';
export { inBulk, oneByOne, type BulkFailure, type BulkOutcome, type BulkWork } from './database/bulk.js';
export { DatabaseSession } from './database/database-session.js';
export { containing } from './database/like.js';
export { Lists } from './database/lists.js';
export type { Page, Reads, Sparse } from './database/page.js';
export type { SortOptions } from './database/sort.js';
export { OperationalError, UnexpectedError, UserError, messageOf, type FieldError } from './errors/errors.js';
export { FeatureFlags } from './flags/feature-flags.service.js';
export { EventBus } from './events/event-bus.service.js';
export {
  ACCESS_POLICY,
  Allow,
  WITHOUT_SECOND_FACTOR,
  WithoutSecondFactor,
  AllowIngest,
  CurrentActor,
  Public,
  roleSuffices,
  rolesInOrder,
  scopeNeeded,
  scopesSuffice,
  systemActor,
  type AccessPolicy,
  type Actor,
  type RequestWithActor,
  type RouteScope,
} from './http/access.js';
export { CallContext, type Origin } from './http/call-context.js';
export { fieldsOf, mapperOf, reading, toSparseDto, type Fields } from './http/fields.js';
export { toSparsePage } from './http/page.js';
export { isOwn, OwnOriginOnly } from './http/own-origin.js';
export { answerHeaders } from './http/security-headers.js';
export { HandlesJob, OnDomainEvent, OnDomainEvents, OnLiveEvent } from './jobs/job.decorators.js';
export { defineJob, type JobDefinition } from './jobs/job.definition.js';
export type { Happened, JobContext } from './jobs/job.context.js';
export { JobQueue } from './jobs/job-queue.service.js';
export { HealthChecks, type Finding } from './health/health-checks.js';
export { judgeBreakers } from './health/judge-breakers.js';
export { Shutdown } from './health/shutdown.service.js';
export { BoundedLabels } from './metrics/bounded-labels.js';
export { breakerValue } from './metrics/breaker-samples.js';
export { Metrics, type Sample } from './metrics/metrics.service.js';
export { OutboundRefusedError } from './outbound/outbound.error.js';
export { Outbound } from './outbound/outbound.service.js';
export {
  activeTrace,
  inSpan,
  pastSpan,
  promiseSpan,
  resumedTrace,
  type ActiveTrace,
  type StoredTrace,
} from './observability/active-trace.js';
export { names } from './observability/attributes.js';
export type { SpanNotes, SpanSpec } from './observability/span.js';
export {
  formatTraceparent,
  newTrace,
  newTraceId,
  parseTraceparent,
  type TraceContext,
} from './observability/trace-context.js';
export { Tracing } from './observability/tracing.service.js';
export { networkOf } from './rate-limit/address.js';
export { PlatformModule } from './platform.module.js';
export type { RetryPolicy } from './resilience/backoff.js';
export { retryAfterMs } from './resilience/retry-after.js';
export { retrying, retryPolicy, type Retrying } from './resilience/retrying.js';
export { BreakerOpenError, Breakers, type BreakerState } from './resilience/breaker.js';
export { toBreakerDto } from './resilience/breaker.mapper.js';
export { BreakerReader } from './resilience/breaker.reader.js';
export { Rewrapper } from './secrets/rewrap/rewrapper.service.js';
export type { SealedStore } from './secrets/rewrap/sealed-store.js';
export { maskSecret, SecretBox, type SealedSecret } from './secrets/secret-box.js';
export { SecretReferences } from './secrets/secret-references.service.js';
