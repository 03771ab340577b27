import { Platform1764000000100 } from './1764000000100-platform.js';
import { FeatureFlags1764000000150 } from './1764000000150-feature-flags.js';
import { CircuitBreakers1764000000160 } from './1764000000160-circuit-breakers.js';
import { Auth1764000000200 } from './1764000000200-auth.js';
import { Alert1764000000300 } from './1764000000300-alert.js';
import { AlertFirstLine1764000000310 } from './1764000000310-alert-first-line.js';
import { Executor1764000000400 } from './1764000000400-executor.js';
import { Runbook1764000000500 } from './1764000000500-runbook.js';
import { Llm1764000000600 } from './1764000000600-llm.js';
import { Notification1764000000700 } from './1764000000700-notification.js';
import { Remediation1764000000800 } from './1764000000800-remediation.js';
import { AuditLog1764000000900 } from './1764000000900-audit-log.js';
import { SigningKeys1764000000920 } from './1764000000920-signing-keys.js';
import { Sessions1764000000921 } from './1764000000921-sessions.js';
import { LoginThrottle1764000000922 } from './1764000000922-login-throttle.js';
import { UserIdentities1764000000940 } from './1764000000940-user-identities.js';
import { PasswordDue1764000000941 } from './1764000000941-password-due.js';
import { Invitations1764000000942 } from './1764000000942-invitations.js';
import { SecondFactors1764000000945 } from './1764000000945-second-factors.js';
import { RunbookAccess1764000000960 } from './1764000000960-runbook-access.js';
import { ApiKeys1764000000961 } from './1764000000961-api-keys.js';
import { HostKeyTrust1764000000980 } from './1764000000980-host-key-trust.js';
import { ExecutionTrace1764000000990 } from './1764000000990-execution-trace.js';
import { AlertLabelsIndex1764000001000 } from './1764000001000-alert-labels-index.js';

/** All migrations in order. A released one never changes; the schema changes by another. */
export const migrations = [
  Platform1764000000100,
  FeatureFlags1764000000150,
  CircuitBreakers1764000000160,
  Auth1764000000200,
  Alert1764000000300,
  AlertFirstLine1764000000310,
  Executor1764000000400,
  Runbook1764000000500,
  Llm1764000000600,
  Notification1764000000700,
  Remediation1764000000800,
  AuditLog1764000000900,
  SigningKeys1764000000920,
  Sessions1764000000921,
  LoginThrottle1764000000922,
  UserIdentities1764000000940,
  PasswordDue1764000000941,
  Invitations1764000000942,
  SecondFactors1764000000945,
  RunbookAccess1764000000960,
  ApiKeys1764000000961,
  HostKeyTrust1764000000980,
  ExecutionTrace1764000000990,
  AlertLabelsIndex1764000001000,
];
