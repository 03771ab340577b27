import { Injectable, Logger } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DatabaseFigures } from './database-figures.js';

/** A metric's name after Prometheus' rules, what it tells, and its labels, whose values must be few. */
export interface MetricWords<L extends string = string> {
  name: string;
  help: string;
  labels?: readonly L[];
}

/** One figure of a gauge. */
export interface Sample<L extends string = string> {
  labels?: Partial<Record<L, string>>;
  value: number;
}

/** A metric as the reference lists it. */
export interface MetricDescription extends MetricWords {
  type: 'counter' | 'gauge' | 'histogram';
  /**
   * Of whom it tells: `instance` of this process, to be summed over all of them; `engine` of the database that all
   * processes share, of which each tells the same.
   */
  scope: 'instance' | 'engine';
}

/** Figures of one look into the database, by the names of their gauges. */
export type Figures<N extends string> = Record<N, Sample[]>;

/**
 * All metrics of one engine. Modules define theirs here when they are made; each process may hold several engines, so
 * nothing is kept in prom-client's global registry.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly described: MetricDescription[] = [];
  private readonly preparations: (() => void)[] = [];
  private readonly figures: DatabaseFigures;

  constructor() {
    const failures = this.counter({
      name: 'aiops_metrics_read_failures_total',
      help: 'Looks into the database for metrics that failed, by group of metrics.',
      labels: ['group'],
    });
    const logger = new Logger('metrics');
    this.figures = new DatabaseFigures((group, error) => {
      failures.inc({ group });
      logger.warn({ err: error, group }, 'metrics could not be read from the database');
    });
  }

  /** What only grows: its name ends in `_total`. */
  counter<L extends string>(words: MetricWords<L>): Counter<L> {
    this.describe(words, 'counter', 'instance');
    return new Counter({ ...this.base(words) });
  }

  /** How values spread over `buckets`, which are upper bounds in the unit that the name ends in. */
  histogram<L extends string>(words: MetricWords<L> & { buckets: number[] }): Histogram<L> {
    this.describe(words, 'histogram', 'instance');
    return new Histogram({ ...this.base(words), buckets: words.buckets });
  }

  /** Called before each scrape, for what several metrics tell together. */
  beforeEach(prepare: () => void): void {
    this.preparations.push(prepare);
  }

  /** What this process is at this moment; `read` is called for every scrape, must be quick and must not fail. */
  gauge<L extends string>(words: MetricWords<L>, read: () => Sample<L>[] | number): void {
    this.describe(words, 'gauge', 'instance');
    new Gauge<L>({
      ...this.base(words),
      collect() {
        const now = read();
        this.reset();
        if (typeof now === 'number') this.set(now);
        else fill(this, now);
      },
    });
  }

  /**
   * Gauges that one look into the database tells together; `group` names them when it fails. The look is remembered
   * for some seconds, and longer the more it cost; its figures disappear when it fails for a minute.
   */
  databaseGauges<N extends string>(
    group: string,
    gauges: Record<N, Omit<MetricWords, 'name'>>,
    read: () => Promise<Figures<N>>,
  ): void {
    const made = (Object.keys(gauges) as N[]).map((name) => {
      const words = { name, ...gauges[name] };
      this.describe(words, 'gauge', 'engine');
      return { name, gauge: new Gauge(this.base(words)) };
    });
    const show = (figures: Figures<N> | null): void => {
      for (const { name, gauge } of made) {
        gauge.reset();
        // Without labels a reset gauge is 0, which nobody has said.
        if (figures === null) gauge.remove({});
        else fill(gauge, figures[name]);
      }
    };
    show(null);
    this.figures.add({ group, read, show });
  }

  /** Everything in Prometheus' text format. Answers soon, and when the database is away as well. */
  async text(): Promise<string> {
    await this.figures.refresh();
    for (const prepare of this.preparations) prepare();
    return this.registry.metrics();
  }

  /** Every metric that is defined, by name. */
  list(): MetricDescription[] {
    return this.described.toSorted((a, b) => a.name.localeCompare(b.name));
  }

  private base<L extends string>({ name, help, labels }: MetricWords<L>) {
    return { name, help, labelNames: labels ?? [], registers: [this.registry] };
  }

  private describe(words: MetricWords, type: MetricDescription['type'], scope: MetricDescription['scope']) {
    const { name, help, labels } = words;
    this.described.push({ name, help, labels, type, scope });
  }
}

function fill<L extends string>(gauge: Gauge<L>, samples: Sample<L>[]): void {
  // Values that were put under one label are one figure.
  for (const { labels, value } of samples) {
    if (labels === undefined) gauge.inc(value);
    else gauge.inc(labels, value);
  }
}
