import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppConfig, Clock } from '../../platform/index.js';

const NAME = 'aiops_refresh';
/** Sent to the routes that need it, and to no others. */
const PATH = '/api/v1/auth';

/**
 * The name where there is TLS: browsers take such a cookie over TLS alone, so that nobody can plant one without
 * (OWASP ASVS 5.0, 3.3.1). `__Host-` would want the path `/`, and so send it with every request.
 */
const SECURE_NAME = `__Secure-${NAME}`;

/** Tells the app that there is a session to go on with, which it cannot see otherwise; nobody is let in by it. */
const HINT_NAME = 'aiops_signed_in';

/**
 * The cookie with the refresh token: out of reach of scripts, and sent by our own pages alone (ASVS 3.3.2, 3.3.4). With it
 * goes the hint, so that the app asks for an access token where it will get one.
 */
@Injectable()
export class RefreshCookie {
  private readonly publicTls: boolean;

  constructor(
    config: AppConfig,
    private readonly clock: Clock,
  ) {
    this.publicTls = config.settings.PUBLIC_URL?.startsWith('https:') ?? false;
  }

  /** The refresh token that a request brings, null for none. */
  read(request: FastifyRequest): string | null {
    return valueOf(request.headers.cookie ?? '', this.nameFor(request));
  }

  set(request: FastifyRequest, reply: FastifyReply, token: string, expiresAt: Date): void {
    const seconds = Math.floor((expiresAt.getTime() - this.clock.now().getTime()) / 1000);
    this.send(request, reply, token, Math.max(0, seconds));
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    this.send(request, reply, '', 0);
  }

  private send(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
    const secure = this.isSecure(request) ? '; Secure' : '';
    const both = `Max-Age=${maxAge}; SameSite=Strict${secure}`;
    void reply
      .header('Set-Cookie', `${this.nameFor(request)}=${value}; Path=${PATH}; HttpOnly; ${both}`)
      .header('Set-Cookie', `${HINT_NAME}=${maxAge > 0 ? '1' : ''}; Path=/; ${both}`)
      .header('Cache-Control', 'no-store');
  }

  private nameFor(request: FastifyRequest): string {
    return this.isSecure(request) ? SECURE_NAME : NAME;
  }

  /** Behind TLS by what the connection or a trusted proxy says, or by the address that people open. */
  private isSecure(request: FastifyRequest): boolean {
    return this.publicTls || request.protocol === 'https';
  }
}

/** Of a `Cookie` header (RFC 6265, 5.4); of several with one name the first, whose path is the longest. */
function valueOf(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined && value !== '') return value;
  }
  return null;
}
