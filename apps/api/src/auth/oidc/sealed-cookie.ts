import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppConfig, SecretBox, UnexpectedError } from '../../platform/index.js';

export interface CookieSpec {
  name: string;
  seconds: number;
  /** `Lax` for one that must be there when another site sends the browser back. */
  sameSite: 'Lax' | 'Strict';
}

/** It and its attributes must fit into the 4,096 bytes that browsers take. */
const LONGEST = 3_900;
const PATH = '/api/v1/auth/oidc';

/**
 * Cookies that only we can read or make: sealed under the engine's encryption keys and bound to their name, out of reach
 * of scripts (OWASP ASVS 5.0, 3.3.4), and over TLS where there is TLS (3.3.1).
 */
@Injectable()
export class SealedCookies {
  constructor(
    private readonly box: SecretBox,
    private readonly config: AppConfig,
  ) {}

  /** @returns false when it is too long for a browser to keep */
  set(reply: FastifyReply, spec: CookieSpec, value: string): boolean {
    const { keyId, sealed } = this.box.seal(value, contextOf(spec));
    const text = `${keyId}.${sealed}`;
    if (text.length > LONGEST) return false;
    this.send(reply, spec, text, spec.seconds);
    return true;
  }

  clear(reply: FastifyReply, spec: CookieSpec): void {
    this.send(reply, spec, '', 0);
  }

  /** What we put there; null for none, and for what is not ours or was changed. */
  read(request: FastifyRequest, spec: CookieSpec): string | null {
    const prefix = `${this.nameOf(spec)}=`;
    const pair = (request.headers.cookie ?? '').split(';').find((one) => one.trim().startsWith(prefix));
    const value = pair?.trim().slice(prefix.length) ?? '';
    const dot = value.indexOf('.');
    if (dot < 0) return null;
    try {
      return this.box.open({ keyId: value.slice(0, dot), sealed: value.slice(dot + 1) }, contextOf(spec));
    } catch (error) {
      if (error instanceof UnexpectedError) return null;
      throw error;
    }
  }

  private send(reply: FastifyReply, spec: CookieSpec, value: string, maxAge: number): void {
    const secure = this.isSecure ? '; Secure' : '';
    const attributes = `Path=${PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=${spec.sameSite}${secure}`;
    void reply.header('Set-Cookie', `${this.nameOf(spec)}=${value}; ${attributes}`);
  }

  private nameOf({ name }: CookieSpec): string {
    return this.isSecure ? `__Secure-${name}` : name;
  }

  private get isSecure(): boolean {
    return this.config.settings.PUBLIC_URL?.startsWith('https:') ?? false;
  }
}

const contextOf = ({ name }: CookieSpec): string => `cookie:${name}`;
