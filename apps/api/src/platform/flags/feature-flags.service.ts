import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ErrorCode, NOOP_PROVIDER, OpenFeature } from '@openfeature/server-sdk';
import { newId } from '../clock.js';
import { OperationalError } from '../errors/errors.js';
import type { Actor } from '../http/access.js';
import { FlagSnapshot } from './flag-snapshot.service.js';
import { DatabaseFlagProvider } from './flag.provider.js';

/**
 * Asks flags through OpenFeature, as everything in this engine does. Providers live in one registry per process, so
 * that each engine has a domain of its own there.
 */
@Injectable()
export class FeatureFlags implements OnModuleInit, OnApplicationShutdown {
  private readonly domain = `aiops-${newId()}`;
  private readonly client = OpenFeature.getClient(this.domain);

  constructor(private readonly snapshot: FlagSnapshot) {}

  async onModuleInit(): Promise<void> {
    await OpenFeature.setProviderAndWait(this.domain, new DatabaseFlagProvider(this.snapshot));
  }

  async onApplicationShutdown(): Promise<void> {
    await OpenFeature.setProviderAndWait(this.domain, NOOP_PROVIDER);
  }

  /**
   * Whether a flag is on for an actor; `fallback` holds while there is no such flag.
   * @throws OperationalError when flags were never read and cannot be: a switch that may be off is not guessed.
   */
  async isOn(key: string, actor: Pick<Actor, 'kind' | 'id' | 'role'>, fallback: boolean): Promise<boolean> {
    const targetingKey = actor.id === null ? actor.kind : `${actor.kind}:${actor.id}`;
    const context = { targetingKey, kind: actor.kind, role: actor.role };
    const details = await this.client.getBooleanDetails(key, fallback, context);
    if (details.errorCode !== undefined && details.errorCode !== ErrorCode.FLAG_NOT_FOUND) {
      throw new OperationalError(`The feature flag "${key}" cannot be read: ${details.errorMessage ?? ''}`);
    }
    return details.value;
  }
}
