import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { ChainCheck, type ChainFault, type ChainPoint } from './chain-check.js';
import { AuditChainRepository } from './chain.repository.js';

export interface Verification {
  /** The newest entry that is right, and every one before it; position 0 when there is none. */
  reached: ChainPoint;
  fault: ChainFault | null;
  at: Date;
  durationMs: number;
}

const BATCH = 1_000;
/** How long an answer for screens is good for: it reads the whole log. */
const REMEMBER_MS = 60_000;

/** Finds out whether the audit log is what was written. */
@Injectable()
export class AuditVerifier {
  private recent: { until: number; result: Promise<Verification> } | null = null;

  constructor(
    private readonly chain: AuditChainRepository,
    private readonly clock: Clock,
  ) {}

  /** Reads all of the log, in batches. `progress` hears how far it is, now and then. */
  async verify(
    anchor: ChainPoint | null = null,
    progress?: (position: number) => void,
  ): Promise<Verification> {
    const started = performance.now();
    return this.chain.frozen(async () => {
      const check = new ChainCheck(anchor);
      const fault = await this.firstFault(check, progress);
      const durationMs = Math.round(performance.now() - started);
      return { reached: check.reached, fault, at: this.clock.now(), durationMs };
    });
  }

  /** For screens: at most once a minute, and one at a time. */
  latest(): Promise<Verification> {
    const now = this.clock.now().getTime();
    if (this.recent !== null && this.recent.until > now) return this.recent.result;
    const result = this.verify();
    this.recent = { until: now + REMEMBER_MS, result };
    result.catch(() => (this.recent = null));
    return result;
  }

  private async firstFault(
    check: ChainCheck,
    progress: ((position: number) => void) | undefined,
  ): Promise<ChainFault | null> {
    for await (const entry of this.chain.entries(BATCH)) {
      const fault = check.next(entry);
      if (fault !== null) return fault;
      if (check.reached.position % (BATCH * 100) === 0) progress?.(check.reached.position);
    }
    return check.end(await this.chain.head());
  }
}
