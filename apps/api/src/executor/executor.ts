import type { CredentialInput, TargetDto, TargetKind, TargetTestResult } from '@aiops/contracts';
import type { OpenCredential } from './credential/credential-secrets.service.js';
import type { CommandSession } from './ssh/command-session.js';
import type { Target } from './target/target.repository.js';

export type TestStage = TargetTestResult['stages'][number];

/** Why a target cannot be stored as it is given. */
export interface TargetFlaw {
  field: keyof TargetDto;
  message: string;
}

/** What the engine can do with targets of one kind. A new kind is a class like this and a line in the registry. */
export interface Executor {
  readonly kind: TargetKind;
  /** What is wrong with a target of this kind; null when nothing is. */
  review(target: Target, credential: CredentialInput['kind'] | null): TargetFlaw | null;
  /**
   * Tries everything that a run would need, up to the first stage that fails. Never throws for what a target can do.
   * @param trial signs in with this instead of the target's own credential
   */
  test(target: Target, signal: AbortSignal, trial?: OpenCredential): Promise<TestStage[]>;
  /** Opens a session for commands; kinds without a shell have none. @throws ConnectError */
  open?(target: Target, signal: AbortSignal): Promise<CommandSession>;
}
