import { describe, expect, it } from 'vitest';
import { timeOfDay } from './time';

describe('a time of day', () => {
  const at = new Date(2026, 10, 22, 23, 59, 7);

  it('stands alone on its own day', () => {
    expect(timeOfDay(at.toISOString(), new Date(2026, 10, 22, 1).getTime())).not.toMatch(/22/);
  });

  it('names the day on any other', () => {
    expect(timeOfDay(at.toISOString(), new Date(2026, 10, 23, 1).getTime())).toMatch(/22/);
    expect(timeOfDay(at.toISOString(), new Date(2027, 10, 22, 1).getTime())).toMatch(/22/);
  });
});
