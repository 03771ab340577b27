import { describe, expect, it } from 'vitest';
import type { AnalysisFacts } from './facts.js';
import { span } from './history.js';
import { templateAnalysis } from './template-analysis.js';

const now = '2026-03-01T12:00:00.000Z';
const runbook = {
  id: 'rb-1',
  name: 'restart-service',
  description: '',
  matches: true,
  reasons: ['alert_name is ServiceDown'],
};

const facts = (over: Partial<AnalysisFacts> = {}): AnalysisFacts => ({
  alert: {
    id: 'a-1',
    alertName: 'ServiceDown',
    severity: 'critical',
    status: 'firing',
    labels: { service: 'shop', instance: 'web-1:9100' },
    annotations: {},
    startsAt: '2026-03-01T11:57:00.000Z',
    occurrences: 1,
  },
  now,
  episodes: [],
  runs: [],
  related: [],
  candidates: [],
  rule: null,
  ...over,
});

const run = (status: string, durationMs: number | null = 48_000) => ({
  runbookId: 'rb-1',
  runbookName: 'restart-service',
  status,
  durationMs,
  finishedAt: now,
});

describe('the template analysis', () => {
  it('says what fires where, since when and how severe, and that it is the first time', () => {
    const { summary } = templateAnalysis(facts());
    expect(summary).toContain(
      'ServiceDown (shop on web-1:9100) has been firing for 3 min, severity critical.',
    );
    expect(summary).toContain('It has not fired before.');
  });

  it('says what fixed it how often and how fast', () => {
    const result = templateAnalysis(
      facts({
        runs: [run('succeeded'), run('failed', 5_000), run('succeeded', 52_000)],
        candidates: [runbook],
      }),
    );
    expect(result.summary).toContain('restart-service fixed it 2 of 3 times, in 50 s on median.');
    expect(result.recommendedRunbook).toMatchObject({ id: 'rb-1', name: 'restart-service' });
    expect(result.recommendedRunbook?.reason).toContain('alert_name is ServiceDown');
    expect(result.confidence).toBeCloseTo(0.6, 5);
  });

  it('does not count runs that a person stopped or refused', () => {
    const { summary } = templateAnalysis(facts({ runs: [run('cancelled'), run('rejected')] }));
    expect(summary).toContain('No runbook has been run for it yet.');
  });

  it('names the alert that began earlier and shares labels, and never claims a cause', () => {
    const result = templateAnalysis(
      facts({
        related: [
          {
            id: 'a-2',
            alertName: 'DiskFull',
            severity: 'high',
            startsAt: '2026-03-01T11:50:00.000Z',
            sharedLabels: ['instance'],
          },
        ],
      }),
    );
    expect(result.rootCause).toContain('Not determined');
    expect(result.rootCause).toContain('DiskFull started earlier');
    expect(result.impact).toBe('1 related alert also open: DiskFull (instance).');
  });

  it('recommends nothing when no trigger matches, and says why each does not', () => {
    const result = templateAnalysis(
      facts({
        candidates: [
          { ...runbook, matches: false, reasons: ['alert_name "ServiceDown" does not match "DiskFull"'] },
        ],
      }),
    );
    expect(result.recommendedRunbook).toBeNull();
    expect(result.confidence).toBe(0.1);
    expect(result.evidence).toContainEqual({
      kind: 'no_match',
      text: 'restart-service: alert_name "ServiceDown" does not match "DiskFull"',
      ref: 'rb-1',
    });
  });

  it('prefers the runbook with the better record among those that match', () => {
    const other = { ...runbook, id: 'rb-2', name: 'a-first-by-name' };
    const bad = { ...run('failed'), runbookId: 'rb-2', runbookName: 'a-first-by-name' };
    const result = templateAnalysis(facts({ candidates: [other, runbook], runs: [bad, run('succeeded')] }));
    expect(result.recommendedRunbook?.name).toBe('restart-service');
  });
});

describe('a span for a sentence', () => {
  it.each([
    [0, '0 s'],
    [89_000, '89 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [5 * 86_400_000, '5 d'],
  ])('%i ms is %s', (milliseconds, text) => expect(span(milliseconds)).toBe(text));
});
