import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/config.schema.js';
import type { Actor } from '../http/access.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from '../http/problem.js';
import { currentTraceId } from '../observability/trace-context.js';
import { networkOf } from './address.js';
import type { Taken } from './budget.js';
import { KeyedBudgets } from './keyed-budgets.js';
import { KnownCallers } from './known-callers.js';

/** Requests that share a budget. */
export type BudgetKind = 'login' | 'ingest' | 'api';

type LimitSettings = Pick<
  Settings,
  'RATE_LIMIT_LOGIN_PER_MINUTE' | 'RATE_LIMIT_INGEST_PER_MINUTE' | 'RATE_LIMIT_API_PER_MINUTE'
>;

const MINUTE_MS = 60_000;

const counted: Record<BudgetKind, string> = {
  login: 'sign-ins a minute from one address',
  ingest: 'deliveries a minute from one key or address',
  api: 'requests a minute from one user, key or address',
};

/**
 * Counts the requests of this process: those of a known user or API key by who it is, all others by their address, so
 * that made-up credentials buy nothing. Each process counts for itself.
 */
export class RateLimits {
  private readonly budgets: Record<BudgetKind, KeyedBudgets | null>;
  private readonly callers = new KnownCallers();

  constructor(
    settings: LimitSettings,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.budgets = {
      login: perMinute(settings.RATE_LIMIT_LOGIN_PER_MINUTE),
      ingest: perMinute(settings.RATE_LIMIT_INGEST_PER_MINUTE),
      api: perMinute(settings.RATE_LIMIT_API_PER_MINUTE),
    };
  }

  /** Counts a request and says in its answer's headers what remains. @returns false when it was refused and answered. */
  admit(kind: BudgetKind, request: FastifyRequest, reply: FastifyReply): boolean {
    const budgets = this.budgets[kind];
    if (budgets === null) return true;
    const now = this.now();
    const taken = budgets.take(this.callerOf(kind, request, now), now);
    tell(reply, budgets, taken);
    if (!taken.admitted)
      refuse(request, reply, taken, `There may be ${budgets.budget.limit} ${counted[kind]}.`);
    return taken.admitted;
  }

  private callerOf(kind: BudgetKind, request: FastifyRequest, now: number): string {
    const credential = kind === 'login' ? null : credentialOf(kind, request);
    if (credential !== null) {
      const known = this.callers.find(credential, now);
      if (known !== null) return known;
      request.learnCaller = (actor) => this.callers.learn(credential, nameOf(actor), this.now());
    }
    return networkOf(request.ip);
  }
}

const nameOf = ({ kind, id }: Actor): string => `${kind}:${id ?? ''}`;

function perMinute(limit: number): KeyedBudgets | null {
  return limit === 0 ? null : new KeyedBudgets({ limit, windowMs: MINUTE_MS });
}

/** What a request shows to be let in, as it stands; whether it is any good is the guard's to find out. */
function credentialOf(kind: BudgetKind, request: FastifyRequest): string | null {
  if (request.headers.authorization !== undefined) return request.headers.authorization;
  const query = request.query;
  if (kind !== 'ingest' || typeof query !== 'object' || query === null || !('key' in query)) return null;
  return typeof query.key === 'string' ? query.key : null;
}

const seconds = (ms: number): number => Math.ceil(ms / 1000);

function tell(reply: FastifyReply, { budget }: KeyedBudgets, { remaining, resetMs }: Taken): void {
  void reply
    .header('x-ratelimit-limit', budget.limit)
    .header('x-ratelimit-remaining', remaining)
    .header('x-ratelimit-reset', seconds(resetMs));
}

function refuse(request: FastifyRequest, reply: FastifyReply, taken: Taken, why: string): void {
  const wait = Math.max(1, seconds(taken.retryAfterMs));
  const detail = `${why} Try again in ${wait} s.`;
  const instance = request.url.split('?')[0] ?? request.url;
  void reply
    .status(429)
    .header('Retry-After', wait)
    .header('Content-Type', PROBLEM_MEDIA_TYPE)
    .send(problemOf('rate_limited', detail, instance, currentTraceId(request)));
}
