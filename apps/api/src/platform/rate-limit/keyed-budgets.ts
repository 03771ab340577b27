import { take, type Budget, type BudgetState, type Taken } from './budget.js';

/** Callers of one kind that are remembered at once: about 15 MB. */
const MOST_CALLERS = 100_000;
/** How often at most all of them are looked at to find those that may be forgotten. */
const SWEEP_MS = 1_000;

/**
 * The budgets of many callers, each under a key, in the memory of this process. Whose budget is whole again is
 * forgotten when the room is needed, and after those whoever is there longest, so that a flood of new callers costs
 * neither memory nor those of another kind.
 */
export class KeyedBudgets {
  private readonly states = new Map<string, BudgetState>();
  private sweptAt = -Infinity;

  constructor(
    readonly budget: Budget,
    private readonly mostCallers = MOST_CALLERS,
  ) {}

  /** How many callers are remembered. */
  get size(): number {
    return this.states.size;
  }

  /** Takes one request out of a caller's budget; `now` in milliseconds of a clock that never goes back. */
  take(key: string, now: number): Taken {
    const state = this.states.get(key);
    if (state === undefined && this.states.size >= this.mostCallers) this.makeRoom(now);
    const taken = take(state, now, this.budget);
    this.states.set(key, taken.state);
    return taken;
  }

  private makeRoom(now: number): void {
    if (now - this.sweptAt >= SWEEP_MS) {
      this.sweptAt = now;
      for (const [key, state] of this.states) if (state <= now) this.states.delete(key);
    }
    const [oldest] = this.states.keys();
    if (oldest !== undefined && this.states.size >= this.mostCallers) this.states.delete(oldest);
  }
}
