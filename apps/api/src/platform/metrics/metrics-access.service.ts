import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../config/config.js';
import { UserError } from '../errors/errors.js';

/** Who may read metrics: everybody who reaches the port, or who knows METRICS_TOKEN when that is set. */
@Injectable()
export class MetricsAccess {
  constructor(private readonly config: AppConfig) {}

  /** @throws UserError `unauthenticated` unless the header carries the token, or none is needed. */
  check(authorization: string | undefined): void {
    const token = this.config.settings.METRICS_TOKEN;
    if (token === undefined) return;
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), digest(token))) return;
    throw new UserError('unauthenticated', 'Metrics are for who sends METRICS_TOKEN as a bearer token.');
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
