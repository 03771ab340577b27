import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { version } from '../version.js';
import { Metrics } from './metrics.service.js';

/** How often the event loop is asked to be on time; what it reports contains this time. */
const RESOLUTION_MS = 20;

/** What this process is and uses, under the names that Prometheus' client libraries give to it. */
@Injectable()
export class ProcessMetrics implements OnApplicationShutdown {
  private readonly delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(metrics: Metrics) {
    metrics.gauge(
      { name: 'aiops_build_info', help: 'Version of the engine; always 1.', labels: ['version'] },
      () => [{ labels: { version }, value: 1 }],
    );
    metrics.gauge(
      { name: 'process_start_time_seconds', help: 'Start of this process, in seconds since 1970.' },
      () => performance.timeOrigin / 1000,
    );
    this.delay.enable();
    this.eventLoop(metrics);
    this.processor(metrics);
    this.memory(metrics);
  }

  onApplicationShutdown(): void {
    this.delay.disable();
  }

  private eventLoop(metrics: Metrics): void {
    let before = performance.eventLoopUtilization();
    let now = { p50: 0, p99: 0, max: 0, busy: 0 };
    metrics.beforeEach(() => {
      const { delay } = this;
      const lag = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000);
      const busy = performance.eventLoopUtilization(before).utilization;
      before = performance.eventLoopUtilization();
      now = { p50: lag(delay.percentile(50)), p99: lag(delay.percentile(99)), max: lag(delay.max), busy };
      delay.reset();
    });
    const lags = {
      p50: 'Median event loop lag',
      p99: '99th percentile of event loop lag',
      max: 'Longest event loop lag',
    };
    for (const key of ['p50', 'p99', 'max'] as const) {
      const help = `${lags[key]} since the last scrape.`;
      metrics.gauge({ name: `nodejs_eventloop_lag_${key}_seconds`, help }, () => now[key]);
    }
    const help = 'Share of the time since the last scrape in which the event loop was busy, 0 to 1.';
    metrics.gauge({ name: 'nodejs_eventloop_utilization_ratio', help }, () => now.busy);
  }

  private processor(metrics: Metrics): void {
    const help = 'Processor time that this process used.';
    const counter = metrics.counter({ name: 'process_cpu_seconds_total', help });
    let counted = 0;
    metrics.beforeEach(() => {
      const { user, system } = process.cpuUsage();
      const used = (user + system) / 1e6;
      if (used > counted) counter.inc(used - counted);
      counted = used;
    });
  }

  private memory(metrics: Metrics): void {
    const gauge = (name: string, help: string, read: () => number) => metrics.gauge({ name, help }, read);
    gauge('process_resident_memory_bytes', 'Memory of this process that is in RAM.', () =>
      process.memoryUsage.rss(),
    );
    gauge(
      'nodejs_heap_size_used_bytes',
      'Used part of the JavaScript heap.',
      () => getHeapStatistics().used_heap_size,
    );
    gauge(
      'nodejs_heap_size_limit_bytes',
      'Most that the JavaScript heap may grow to.',
      () => getHeapStatistics().heap_size_limit,
    );
  }
}
