import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { coalesce } from './coalesce';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('joining a burst of calls', () => {
  it('runs once for many calls', async () => {
    const action = vi.fn();
    const joined = coalesce(action, 250);
    for (let call = 0; call < 20; call++) joined.call();
    await vi.advanceTimersByTimeAsync(250);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('is not put off by a storm that never pauses', async () => {
    const action = vi.fn();
    const joined = coalesce(action, 250);
    for (let at = 0; at < 2_000; at += 50) {
      joined.call();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(action.mock.calls.length).toBeGreaterThanOrEqual(7);
  });

  it('never runs beside itself, and once more for what came meanwhile', async () => {
    let end = (): void => undefined;
    const action = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    const joined = coalesce(action, 250);
    joined.call();
    await vi.advanceTimersByTimeAsync(250);
    joined.call();
    joined.call();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(action).toHaveBeenCalledTimes(1);
    end();
    await vi.advanceTimersByTimeAsync(250);
    expect(action).toHaveBeenCalledTimes(2);
    end();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('goes on after a failure', async () => {
    const action = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue();
    const joined = coalesce(action, 250);
    joined.call();
    await vi.advanceTimersByTimeAsync(250);
    joined.call();
    await vi.advanceTimersByTimeAsync(250);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('does nothing more once it is stopped', async () => {
    const action = vi.fn();
    const joined = coalesce(action, 250);
    joined.call();
    joined.stop();
    joined.call();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(action).not.toHaveBeenCalled();
  });
});
