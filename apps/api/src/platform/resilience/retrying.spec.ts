import { describe, expect, expectTypeOf, it } from 'vitest';
import { OperationalError, UserError } from '../errors/errors.js';
import type { RetryPolicy } from './backoff.js';
import { retrying, type Retrying } from './retrying.js';

const policy = { safe: true, attempts: 3, baseMs: 2, maxMs: 5 } as const satisfies Retrying;
const away = () => new OperationalError('away');

/** A call that fails so often with what it is given, and then succeeds. */
function shaky(failures: number, error: () => Error) {
  const attempts: number[] = [];
  const call = (attempt: number): Promise<string> => {
    attempts.push(attempt);
    return attempts.length <= failures ? Promise.reject(error()) : Promise.resolve('well');
  };
  return { attempts, call };
}

describe('retrying (R4.3)', () => {
  it('hands on an answer at once', async () => {
    const { attempts, call } = shaky(0, away);
    await expect(retrying(policy, call)).resolves.toBe('well');
    expect(attempts).toEqual([1]);
  });

  it('tries again what may pass, and says which attempt it is', async () => {
    const { attempts, call } = shaky(2, away);
    await expect(retrying(policy, call)).resolves.toBe('well');
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('throws the last error when the attempts are used up', async () => {
    const { attempts, call } = shaky(99, away);
    await expect(retrying(policy, call)).rejects.toThrow('away');
    expect(attempts).toHaveLength(3);
  });

  it.each([
    ['the caller’s fault', () => new UserError('conflict', 'no')],
    ['our fault', () => new TypeError('no')],
  ])('does not try again what is %s', async (_what, error) => {
    const { attempts, call } = shaky(1, error);
    await expect(retrying(policy, call)).rejects.toThrow('no');
    expect(attempts).toHaveLength(1);
  });

  it('asks the caller which errors may pass', async () => {
    const { attempts, call } = shaky(1, () => new TypeError('odd, but passes'));
    await expect(retrying({ ...policy, mayPass: () => true }, call)).resolves.toBe('well');
    expect(attempts).toHaveLength(2);
  });

  it('gives up when the other side asks for more patience than there is', async () => {
    const { attempts, call } = shaky(1, () => new OperationalError('busy', { askedWaitMs: 6 }));
    await expect(retrying(policy, call)).rejects.toThrow('busy');
    expect(attempts).toHaveLength(1);
    const patient = shaky(1, () => new OperationalError('busy', { askedWaitMs: 5 }));
    await expect(retrying(policy, patient.call)).resolves.toBe('well');
  });

  it('ends while it waits, when it is cancelled', async () => {
    const cancel = new AbortController();
    const { attempts, call } = shaky(99, () => new OperationalError('busy', { askedWaitMs: 3_600_000 }));
    const patient = { ...policy, maxMs: 3_600_000, signal: cancel.signal };
    const waiting = retrying(patient, (attempt) => {
      setImmediate(() => cancel.abort(new Error('never mind')));
      return call(attempt);
    });
    await expect(waiting).rejects.toThrow('never mind');
    expect(attempts).toHaveLength(1);
  });

  it('makes no further attempt when it was cancelled during one', async () => {
    const cancel = new AbortController();
    const { attempts, call } = shaky(99, away);
    const running = retrying({ ...policy, signal: cancel.signal }, (attempt) => {
      cancel.abort(new Error('never mind'));
      return call(attempt);
    });
    await expect(running).rejects.toThrow('never mind');
    expect(attempts).toHaveLength(1);
  });

  it('is not to be had without the word that the call is safe to repeat', () => {
    expectTypeOf<RetryPolicy>().not.toExtend<Retrying>();
    expectTypeOf<RetryPolicy & { safe: false }>().not.toExtend<Retrying>();
    expectTypeOf<RetryPolicy & { safe: true }>().toExtend<Retrying>();
  });
});
