import {
  applyDecorators,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppConfig } from '../config/config.js';
import { UserError } from '../errors/errors.js';

/** What a browser tells of the page that makes it send a request; a page cannot change either. */
export interface Sender {
  /** `Sec-Fetch-Site`, which browsers send over https and to this machine. */
  site: string | undefined;
  /** `Origin`, which browsers send with every request that is no GET. */
  origin: string | undefined;
}

/**
 * Whether a request that carries cookies was meant by whoever has them: it comes from a page of ours, or from no page
 * (a program, which sends only the cookies that it was given). Fetch Metadata first, `Origin` where it is missing, as
 * the OWASP Cross-Site Request Forgery Prevention Cheat Sheet has it.
 */
export function isOwn({ site, origin }: Sender, trusted: readonly string[]): boolean {
  if (site === 'same-origin' || site === 'none') return true;
  return origin === undefined ? site === undefined : trusted.includes(origin);
}

@Injectable()
export class OwnOriginGuard implements CanActivate {
  constructor(private readonly config: AppConfig) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { 'sec-fetch-site': site, origin } = request.headers;
    const sender = { site: [site ?? []].flat().join() || undefined, origin };
    if (isOwn(sender, [`${request.protocol}://${request.host}`, ...this.named()])) return true;
    throw new UserError(
      'forbidden',
      'A page of another origin may not ask for this. Its operator can name it in CORS_ALLOWED_ORIGINS.',
    );
  }

  /** `*` names nobody: cookies are for pages that somebody has thought of. */
  private named(): string[] {
    const { PUBLIC_URL: app, CORS_ALLOWED_ORIGINS: others } = this.config.settings;
    return [...(app === undefined ? [] : [new URL(app).origin]), ...others.filter((one) => one !== '*')];
  }
}

/** For every route that reads or sets a cookie: pages of other origins are refused (docs/web-security.md). */
export const OwnOriginOnly = (): MethodDecorator & ClassDecorator =>
  applyDecorators(UseGuards(OwnOriginGuard));
