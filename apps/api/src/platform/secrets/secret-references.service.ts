import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock.js';
import { AppConfig } from '../config/config.js';
import { OperationalError, UserError } from '../errors/errors.js';
import { inSpan } from '../observability/active-trace.js';
import { BreakerOpenError, Breakers } from '../resilience/breaker.js';
import { away } from './secret-backend.js';
import {
  formatReference,
  isAllowed,
  parseReference,
  placeOf,
  type SecretReference,
} from './secret-reference.js';
import { SecretSource } from './secret-source.js';

/** Values that are remembered; the one fetched longest ago goes first. */
const LARGEST_CACHE = 1000;

interface Remembered {
  value: string;
  fetchedAt: number;
}

/**
 * The secrets that credentials refer to (`vault:secret/data/hosts#root`), behind one cache and one breaker for each
 * backend. Values live in memory alone. While a backend is away the last value serves on for a set time.
 */
@Injectable()
export class SecretReferences implements OnApplicationShutdown {
  private readonly source: SecretSource;
  private readonly remembered = new Map<string, Remembered>();
  private readonly underWay = new Map<string, Promise<string>>();

  constructor(
    private readonly config: AppConfig,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
  ) {
    this.source = new SecretSource(config.settings, process.env, () => clock.now().getTime());
  }

  async onApplicationShutdown(): Promise<void> {
    this.remembered.clear();
    await this.source.close();
  }

  /**
   * Reads a reference that people may use; null for a text that is a value of its own.
   * @throws UserError when it is malformed, or when CREDENTIAL_SECRET_PATHS does not give it free.
   */
  parse(field: string, text: string): SecretReference | null {
    const reference = parseReference(text);
    if (reference === null) return null;
    if ('problem' in reference) throw UserError.invalid(field, `A reference ${reference.problem}.`);
    if (!isAllowed(reference, this.config.settings.CREDENTIAL_SECRET_PATHS)) {
      throw UserError.invalid(
        field,
        `The administrator of this engine has not given ${placeOf(reference)} free in CREDENTIAL_SECRET_PATHS.`,
      );
    }
    return reference;
  }

  /**
   * The value behind a reference, at most `SECRETS_CACHE_TTL_MS` old unless its backend is away.
   * @throws UserError when the secret is not to be had, OperationalError when its backend is away.
   */
  async value(reference: SecretReference): Promise<string> {
    const name = formatReference(reference);
    const { SECRETS_CACHE_TTL_MS: ttl, SECRETS_STALE_MS: stale } = this.config.settings;
    const known = this.remembered.get(name);
    const age = known === undefined ? Infinity : this.clock.now().getTime() - known.fetchedAt;
    if (known !== undefined && age < ttl) return known.value;
    try {
      return await this.fresh(reference);
    } catch (error) {
      if (known !== undefined && age < ttl + stale && error instanceof OperationalError) return known.value;
      // Gone or forbidden: what was remembered of it must not come back.
      if (error instanceof UserError) this.remembered.delete(name);
      throw error;
    }
  }

  /** Fetches the value whatever is remembered, once for all that ask at the same time. */
  fresh(reference: SecretReference): Promise<string> {
    const name = formatReference(reference);
    const present = this.underWay.get(name);
    if (present !== undefined) return present;
    const fetching = this.fetch(name, reference).finally(() => this.underWay.delete(name));
    this.underWay.set(name, fetching);
    return fetching;
  }

  private async fetch(name: string, reference: SecretReference): Promise<string> {
    const value = await this.guarded(reference);
    this.remembered.delete(name);
    this.remembered.set(name, { value, fetchedAt: this.clock.now().getTime() });
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > LARGEST_CACHE && oldest !== undefined) this.remembered.delete(oldest);
    return value;
  }

  /** A secret that is not there is the backend working well: only a backend that is away opens the breaker. */
  private guarded(reference: SecretReference): Promise<string> {
    const { scheme } = reference;
    const counts = (error: unknown): boolean => !(error instanceof UserError);
    const spec = { name: `secret ${scheme}`, kind: 'client' as const };
    return this.breakers
      .run(`secrets:${scheme}`, () => inSpan(spec, () => this.source.fetch(reference)), { counts })
      .catch((error: unknown) => {
        throw error instanceof BreakerOpenError ? away(`${error.message}.`, error) : error;
      });
  }
}
