import { describe, expect, it } from 'vitest';
import type { SessionDto } from '@aiops/contracts';
import { kindOf, ownFirst } from './session-words';

describe('a session in the list', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'computer'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1',
      'phone',
    ],
    ['Mozilla/5.0 (Linux; Android 15; K) Chrome/141.0.0.0 Safari/537.36', 'phone'],
    ['curl/8.5.0', 'program'],
    [null, 'program'],
  ])('with the agent %s is that of a %s', (agent, kind) => {
    expect(kindOf({ user_agent: agent })).toBe(kind);
  });

  it('is the first one when it is one’s own, and the others keep their order', () => {
    const session = (id: string, current = false) => ({ id, current }) as SessionDto;
    const shown = ownFirst([session('a'), session('b'), session('me', true), session('c')]);
    expect(shown.map(({ id }) => id)).toEqual(['me', 'a', 'b', 'c']);
  });
});
