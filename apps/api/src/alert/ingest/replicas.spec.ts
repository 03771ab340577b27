import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { alertsOf, uniqueName } from '../alert.fixture.js';

let engines: TestEngine[];
beforeAll(async () => {
  const first = await startTestEngine();
  engines = [first, await startTestEngine({ DATABASE_URL: first.databaseUrl })];
});
afterAll(() => Promise.all([...engines].reverse().map((engine) => engine.stop())));

describe('two engines on one database', () => {
  it('make one alert of what both are sent at once, and lose no count', async () => {
    const names = Array.from({ length: 12 }, () => uniqueName('Replicated'));
    const batch = (order: string[]) => order.map((alertname) => ({ labels: { alertname } }));
    const rounds = Array.from({ length: 15 }, (_, round) => (round % 2 === 0 ? names : [...names].reverse()));
    const answers = await Promise.all(
      rounds.flatMap((order) => engines.map((engine) => alertsOf(engine).push(batch(order)))),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    const [first] = engines;
    if (first === undefined) throw new Error('no engine');
    for (const name of names) {
      expect(await alertsOf(first).named(name)).toMatchObject([{ status: 'firing', occurrences: 30 }]);
    }
  });
});
