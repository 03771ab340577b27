import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { announce, useSpoken } from './announce';

function Region() {
  const { polite, assertive } = useSpoken();
  return <p>{`${polite}|${assertive}`}</p>;
}
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('sentences for screen readers', () => {
  it('come at most every ten seconds, the newest one first, unless they cannot wait', () => {
    render(<Region />);
    act(() => {
      announce('1 new alert');
      vi.advanceTimersByTime(0);
    });
    expect(screen.getByText('1 new alert|')).toBeInTheDocument();
    act(() => {
      announce('2 new alerts');
      announce('3 new alerts');
      vi.advanceTimersByTime(9_000);
    });
    expect(screen.getByText('1 new alert|')).toBeInTheDocument();
    act(() => announce('An approval waits for you', 'assertive'));
    expect(screen.getByText('1 new alert|An approval waits for you')).toBeInTheDocument();
    act(() => void vi.advanceTimersByTime(1_000));
    expect(screen.getByText('3 new alerts|An approval waits for you')).toBeInTheDocument();
  });
});
