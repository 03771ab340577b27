/** A token bucket: `burst` at once, then one per `everyMs` milliseconds. */
export class Budget {
  private tokens: number;
  private filledAt: number | null = null;

  constructor(
    private readonly burst: number,
    private readonly everyMs: number,
  ) {
    this.tokens = burst;
  }

  /** Takes one if there is one. */
  take(now: Date): boolean {
    const time = now.getTime();
    const gained = Math.max(0, Math.floor((time - (this.filledAt ?? time)) / this.everyMs));
    this.filledAt = this.filledAt === null ? time : this.filledAt + gained * this.everyMs;
    this.tokens = Math.min(this.burst, this.tokens + gained);
    if (this.tokens === 0) return false;
    this.tokens -= 1;
    return true;
  }
}
