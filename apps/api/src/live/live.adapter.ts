import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { answerHeaders, type AppConfig, isOwn } from '../platform/index.js';

type SocketOptions = Parameters<IoAdapter['createIOServer']>[1];
type SocketServer = ReturnType<IoAdapter['createIOServer']>;
type Settings = Pick<AppConfig['settings'], 'CORS_ALLOWED_ORIGINS' | 'PUBLIC_URL' | 'TRUSTED_PROXIES'>;

/**
 * Whether a page of this origin may open a socket. Browsers hold WebSockets to no same-origin policy, so the server has
 * to look (OWASP WebSocket Security Cheat Sheet). Who it is, the token says afterwards.
 */
export function mayConnect(headers: IncomingMessage['headers'], settings: Settings): boolean {
  const { CORS_ALLOWED_ORIGINS: named, PUBLIC_URL: app, TRUSTED_PROXIES: proxies } = settings;
  if (named.includes('*')) return true;
  // A page can set neither for a socket; asking by XMLHttpRequest it would need the leave of CORS for the second.
  const hosts = [headers.host, ...(proxies.length > 0 ? [headers['x-forwarded-host']] : [])].flat();
  const own = hosts.flatMap((host) => (host === undefined ? [] : [`https://${host}`, `http://${host}`]));
  const site = headers['sec-fetch-site'];
  const sender = { site: typeof site === 'string' ? site : undefined, origin: headers.origin };
  return isOwn(sender, [...own, ...named, ...(app === undefined ? [] : [new URL(app).origin])]);
}

/** Socket.IO for pages of our own origin and of those that the settings name. */
export class LiveAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly settings: Settings,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: SocketOptions): SocketServer {
    const named = this.settings.CORS_ALLOWED_ORIGINS;
    const cors =
      named.length === 0 ? {} : { cors: { origin: named.includes('*') || named, credentials: true } };
    const server = super.createIOServer(port, {
      ...options,
      ...cors,
      allowRequest: (request: IncomingMessage, done: (error: string | null, allowed: boolean) => void) => {
        const allowed = mayConnect(request.headers, this.settings);
        done(allowed ? null : 'this origin is not allowed', allowed);
      },
    } as SocketOptions);
    // These answers pass by the hooks of all others.
    server.engine.on(
      'headers',
      (headers: Record<string, string>) => void Object.assign(headers, answerHeaders),
    );
    return server;
  }
}
