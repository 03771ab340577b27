import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../shared/api/client';
import { daysWords, refusalsOf } from './credential-words';

const problem = (status: number, errors: { field: string; message: string }[]) =>
  new ApiError({ type: 'about:blank', title: 'No', status, trace_id: '', errors });

describe('a refused rotation', () => {
  it('names the targets that did not take the new secret', () => {
    const error = problem(422, [{ field: 'targets.db-1.example', message: 'The key is not accepted' }]);
    expect(refusalsOf(error)).toEqual([
      { target: 'db-1.example', ok: false, message: 'The key is not accepted' },
    ]);
  });

  it('is told from a secret that is none, which force would not help', () => {
    expect(refusalsOf(problem(400, [{ field: 'secret', message: 'It is no private key' }]))).toEqual([]);
    expect(refusalsOf(problem(422, [{ field: 'secret', message: 'It is no private key' }]))).toEqual([]);
    expect(refusalsOf(new Error('offline'))).toEqual([]);
    expect(refusalsOf(null)).toEqual([]);
  });
});

describe('an age in days', () => {
  it('reads as a person says it', () => {
    expect([0, 1, 95].map(daysWords)).toEqual(['today', '1 day', '95 days']);
  });
});
