import type { FastifyInstance } from 'fastify';
import type { Actor } from '../http/access.js';
import type { BudgetKind, RateLimits } from './rate-limits.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which budget the requests of this route are taken from; none for what is not under `/api/v1`. */
    budget?: BudgetKind;
  }
  interface FastifyRequest {
    /** Set while nobody knows whose credential this request shows: for whoever finds out. */
    learnCaller: ((actor: Actor) => void) | null;
  }
}

const API = '/api/v1/';
const LOGIN = '/api/v1/auth/login';
const INGEST = '/api/v1/ingest/';

/**
 * Takes every request under `/api/v1` from its budget before anything else is done for it. The budget is found by the
 * route, and not by the text of the address, which can be written in many ways. Must come before routes are added.
 */
export function limitRequests(fastify: FastifyInstance, limits: RateLimits): void {
  fastify.decorateRequest('learnCaller', null);
  fastify.addHook('onRoute', (route) => {
    const budget = budgetOf(route.url);
    route.config = { ...route.config, budget };
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions;
    // No route at all, or one for every address: the API's document and the web app are such.
    const budget = config.budget ?? (request.url.startsWith(API) ? 'api' : null);
    if (budget === null || limits.admit(budget, request, reply)) done();
  });
}

function budgetOf(url: string): BudgetKind | undefined {
  if (url === LOGIN || url.startsWith(`${LOGIN}/`)) return 'login';
  if (url.startsWith(INGEST)) return 'ingest';
  return url.startsWith(API) ? 'api' : undefined;
}
