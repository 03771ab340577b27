import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, fetch, type RequestInit, type Response } from 'undici';
import { OperationalError } from '../errors/errors.js';
import { TracedAgent } from '../observability/traced-agent.js';
import { parseAllowed, type Destination } from './allowed.js';
import { OutboundRefusedError } from './outbound.error.js';
import { refusalOf, refusalText, type OutboundPolicy } from './outbound-policy.js';

/** Resolves a name to all its addresses, as `dns.lookup` does. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The one way out to addresses that people write: HTTP steps, channels, model providers, mail servers. What an address
 * is gets decided on the very address that is connected to, at the moment of connecting, so that a name which resolves
 * to something else the second time (DNS rebinding) and a redirect gain nothing. OWASP Server-Side Request Forgery
 * Prevention Cheat Sheet; docs/adr/0008-outbound-calls.md.
 */
@Injectable()
export class Outbound implements OnApplicationShutdown {
  private readonly logger = new Logger('outbound');
  /** For callers without needs of their own. */
  readonly dispatcher: Agent;

  constructor(
    private readonly policy: OutboundPolicy,
    private readonly resolve: Resolve = systemLookup,
  ) {
    this.dispatcher = this.agent({ allowH2: false, connect: { allowH2: false } });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dispatcher.destroy();
  }

  /**
   * The same way out, for a caller whose own setting names one more place: what people write gains nothing by it. Whoever
   * asks for it ends it.
   */
  towards(url: string): Outbound {
    const { protocol, hostname, port } = new URL(url);
    const place = `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
    const allowed = [...this.policy.allowed, ...[parseAllowed(place) ?? []].flat()];
    return new Outbound({ ...this.policy, allowed }, this.resolve);
  }

  /** A dispatcher for undici whose every connection is looked at. */
  agent({
    connect: options = {},
    ...rest
  }: Agent.Options & { connect?: buildConnector.BuildOptions }): Agent {
    return new TracedAgent({
      ...rest,
      connect: (to, done) => {
        const port = Number(to.port) || (to.protocol === 'https:' ? 443 : 80);
        const place = { host: to.hostname, port };
        const refused = this.refusedLiteral(place);
        if (refused !== null) return queueMicrotask(() => done(refused, null));
        buildConnector({ ...options, lookup: this.lookup(place) })(to, done);
      },
    });
  }

  /** An open connection, for protocols other than HTTP. */
  connect(to: Destination, timeoutMs: number): Promise<Socket> {
    const refused = this.refusedLiteral(to);
    if (refused !== null) return Promise.reject(refused);
    return new Promise((done, fail) => {
      const socket = connect({ ...to, lookup: this.lookup(to) });
      const giveUp = (error: Error): void => {
        socket.destroy();
        fail(error);
      };
      socket.setTimeout(timeoutMs, () =>
        giveUp(new OperationalError(`no connection within ${timeoutMs / 1000} s`)),
      );
      socket.once('error', giveUp);
      socket.once('connect', () => {
        socket.setTimeout(0).removeAllListeners('timeout').off('error', giveUp);
        done(socket);
      });
    });
  }

  /**
   * `fetch` for clients that take one. Redirects are not followed: such clients send keys along in headers of their own,
   * which would go to wherever an answer points.
   */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = { ...(init as RequestInit), dispatcher: this.dispatcher, redirect: 'manual' as const };
    let response: Response;
    try {
      response = await fetch(input as string | URL, request);
    } catch (error) {
      const cause = error instanceof TypeError ? error.cause : undefined;
      throw cause instanceof OutboundRefusedError ? cause : error;
    }
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      throw new OperationalError(
        `${new URL(response.url).host} redirects to ${location.slice(0, 200)}. Set the address to that.`,
      );
    }
    // The same standard, declared twice: by undici and by TypeScript's own library.
    return response;
  };

  /** Resolves a name to those of its addresses that may be called. */
  private lookup(to: Destination): LookupFunction {
    return (name, options, callback) => {
      this.resolve(name, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, '');
        const allowed = addresses.filter(({ address }) => refusalOf(this.policy, to, address) === null);
        const [first] = allowed;
        if (first === undefined) return callback(this.refused(to, addresses[0]?.address ?? '::'), '');
        if (options.all === true) callback(null, allowed);
        else callback(null, first.address, first.family);
      });
    };
  }

  /** An address that stands there itself is never looked up. */
  private refusedLiteral(to: Destination): OutboundRefusedError | null {
    if (isIP(to.host) === 0 || refusalOf(this.policy, to, to.host) === null) return null;
    return this.refused(to, to.host);
  }

  private refused(to: Destination, address: string): OutboundRefusedError {
    const kind = refusalOf(this.policy, to, address) ?? 'reserved';
    this.logger.warn({ ...to, address, kind }, 'a call was refused');
    return new OutboundRefusedError(refusalText(to, kind));
  }
}
