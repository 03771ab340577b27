import { describe, expect, it } from 'vitest';
import { keysAreTaken, nextSequence } from './hotkeys';

describe('keys', () => {
  it('follow one another into a sequence within a second', () => {
    const first = nextSequence({ keys: '', at: 0 }, 'g', 10_000);
    expect(nextSequence(first, 'a', 10_900).keys).toBe('g a');
    expect(nextSequence(first, 'a', 11_100).keys).toBe('a');
  });

  it('belong to a field, an editor or a dialog while it has the focus', () => {
    document.body.innerHTML =
      '<input id="field"><div role="dialog"><button id="inside"></button></div><button id="free"></button>';
    expect(keysAreTaken(document.getElementById('field'))).toBe(true);
    expect(keysAreTaken(document.getElementById('inside'))).toBe(true);
    expect(keysAreTaken(document.getElementById('free'))).toBe(false);
    expect(keysAreTaken(null)).toBe(false);
  });
});
