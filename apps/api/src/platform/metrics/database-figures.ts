/** One look into the database and where its figures go. */
interface Look<F> {
  group: string;
  read: () => Promise<F>;
  /** Shows new figures; null when there are none any more. */
  show: (figures: F | null) => void;
}

/** Figures are not read again before this time, however often somebody asks. */
const REST_MS = 10_000;
/** A look that took long is repeated later: it never costs more than a twentieth of one connection's time. */
const REST_PER_COST = 20;
/** Figures that could not be renewed for so long are no figures any more. */
const STALE_MS = 60_000;
/** So long a scrape waits for new figures; then it shows those that are there. */
const PATIENCE_MS = 4_000;

interface Kept {
  refresh: () => Promise<void>;
  dueAt: number;
  dropIfStale: () => void;
}

/** Reads figures from the database when somebody asks for metrics, one after the other, and remembers them a while. */
export class DatabaseFigures {
  private readonly kept: Kept[] = [];
  private underWay: Promise<void> | null = null;

  constructor(private readonly failed: (group: string, error: unknown) => void) {}

  add<F>(look: Look<F>): void {
    let staleAt = -Infinity;
    const kept: Kept = {
      dueAt: -Infinity,
      refresh: async () => {
        const began = performance.now();
        let read = false;
        try {
          look.show(await look.read());
          read = true;
        } catch (error) {
          this.failed(look.group, error);
        }
        const ended = performance.now();
        kept.dueAt = ended + Math.max(REST_MS, (ended - began) * REST_PER_COST);
        if (read) staleAt = kept.dueAt + STALE_MS;
      },
      dropIfStale: () => {
        if (performance.now() > staleAt) look.show(null);
      },
    };
    this.kept.push(kept);
  }

  /** Resolves when all figures are as new as they are kept, or after a few seconds; never rejects. */
  async refresh(): Promise<void> {
    this.underWay ??= this.readDue().finally(() => (this.underWay = null));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([this.underWay, patience]);
    clearTimeout(timer);
    for (const kept of this.kept) kept.dropIfStale();
  }

  private async readDue(): Promise<void> {
    for (const kept of this.kept) if (kept.dueAt <= performance.now()) await kept.refresh();
  }
}
