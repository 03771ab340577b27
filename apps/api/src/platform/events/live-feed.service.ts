import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import pg from 'pg';
import { AppConfig } from '../config/config.js';
import { sslOptions } from '../database/tls.js';
import { HandlerRegistry } from '../jobs/handler.registry.js';
import { LIVE_CHANNEL, parseNotify } from './live-channel.js';

const RECONNECT_MS = 1_000;

/** Holds one LISTEN connection and hands committed events to `@OnLiveEvent` methods of this process. */
@Injectable()
export class LiveFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('live');
  private client: pg.Client | undefined;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: AppConfig,
    private readonly registry: HandlerRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.servesApi) await this.connect();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.databaseUrl,
      ssl: sslOptions(this.config.settings),
      application_name: 'aiops-live',
      keepAlive: true,
    });
    client.on('error', (error) => this.reconnect(error));
    client.on('end', () => this.reconnect());
    client.on('notification', (message) => void this.dispatch(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${LIVE_CHANNEL}`);
      this.client = client;
      // Shutdown may have come while this connection was being made.
      if (this.stopped) await client.end();
    } catch (error) {
      this.reconnect(error);
    }
  }

  private reconnect(error?: unknown): void {
    if (this.stopped || this.timer !== undefined) return;
    this.logger.warn({ err: error }, 'live updates are off until the database is back');
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.connect();
    }, RECONNECT_MS);
  }

  private async dispatch(text: string): Promise<void> {
    const event = parseNotify(text);
    if (event === null) return;
    for (const listener of this.registry.live) {
      if (listener.event !== event.name) continue;
      try {
        await listener.handler(event.payload);
      } catch (error) {
        this.logger.warn({ err: error, event: event.name }, 'a live update was lost');
      }
    }
  }
}
