import { useEffect, useEffectEvent } from 'react';
import { singleKeysAreOn } from './single-keys';

/** How long the second key of a sequence may take, in milliseconds. */
const SEQUENCE_MS = 1_000;
const OWNERS =
  'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"], .cm-editor';
const CONTROLS =
  'a[href], button, summary, [role="button"], [role="tab"], [role="option"], [role="menuitem"]';

/** Whether keys belong to what has the focus: a field, an editor, an open menu or dialog. */
export function keysAreTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest(OWNERS) !== null;
}

/** Whether `key` presses the control that has the focus; nothing else may happen then. */
export function keyPresses(target: EventTarget | null, key: string): boolean {
  if (key !== 'Enter' && key !== ' ') return false;
  return target instanceof HTMLElement && target.closest(CONTROLS) !== null;
}

/** Follows keys typed one after the other, e.g. `g` then `a`. Pure: give it each key with its time. */
export function nextSequence(
  before: { keys: string; at: number },
  key: string,
  at: number,
): { keys: string; at: number } {
  const keys = at - before.at <= SEQUENCE_MS && before.keys !== '' ? `${before.keys} ${key}` : key;
  return { keys, at };
}

/** Single keys and sequences: `{ 'g a': open, '/': focus }`. They act only when nothing else wants the keys. */
export function useHotkeys(keys: Record<string, () => void>): void {
  const act = useEffectEvent((typed: string): boolean => {
    const action = keys[typed];
    action?.();
    return action !== undefined;
  });
  useEffect(() => {
    let sequence = { keys: '', at: 0 };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (keysAreTaken(event.target) || keyPresses(event.target, event.key)) return;
      if (event.key.length === 1 && !singleKeysAreOn()) return;
      sequence = nextSequence(sequence, event.key, Date.now());
      if (act(sequence.keys) || (sequence.keys !== event.key && act(event.key))) {
        event.preventDefault();
        sequence = { keys: '', at: 0 };
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
