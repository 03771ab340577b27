import {
  ErrorCode,
  type EvaluationContext,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
  StandardResolutionReasons,
} from '@openfeature/server-sdk';
import { messageOf } from '../errors/errors.js';
import { evaluate } from './evaluate.js';
import type { FlagSnapshot } from './flag-snapshot.service.js';

/** Answers OpenFeature (https://openfeature.dev/specification/sections/providers) from the engine's own flags. */
export class DatabaseFlagProvider implements Provider {
  readonly metadata = { name: 'aiops' };
  readonly runsOn = 'server';

  constructor(private readonly snapshot: FlagSnapshot) {}

  async resolveBooleanEvaluation(
    flagKey: string,
    fallback: boolean,
    { targetingKey }: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    try {
      const { value, reason } = evaluate(await this.snapshot.current(), flagKey, targetingKey);
      if (value === null) return failed(fallback, ErrorCode[reason]);
      return { value, reason: StandardResolutionReasons[reason], variant: value ? 'on' : 'off' };
    } catch (error) {
      return failed(fallback, ErrorCode.GENERAL, messageOf(error));
    }
  }

  resolveStringEvaluation(_key: string, fallback: string): Promise<ResolutionDetails<string>> {
    return onlyBooleans(fallback);
  }
  resolveNumberEvaluation(_key: string, fallback: number): Promise<ResolutionDetails<number>> {
    return onlyBooleans(fallback);
  }
  resolveObjectEvaluation<T extends JsonValue>(_key: string, fallback: T): Promise<ResolutionDetails<T>> {
    return onlyBooleans(fallback);
  }
}

const failed = <T>(value: T, errorCode: ErrorCode, errorMessage?: string): ResolutionDetails<T> => ({
  value,
  reason: StandardResolutionReasons.ERROR,
  errorCode,
  errorMessage,
});

const onlyBooleans = <T>(fallback: T): Promise<ResolutionDetails<T>> =>
  Promise.resolve(failed(fallback, ErrorCode.TYPE_MISMATCH, 'Flags are on or off'));
