import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ShownSecrets } from './shown-secrets';

const hide = vi.fn();
const show = () =>
  render(
    <MantineProvider>
      <ShownSecrets secrets={{ api_key: 'sk-1234' }} since={Date.now()} hide={hide} />
    </MantineProvider>,
  );

const pass = (milliseconds: number): void =>
  act(() => {
    vi.advanceTimersByTime(milliseconds);
  });

describe('a secret that is shown', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    hide.mockReset();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hides itself after a minute, and says when', () => {
    show();
    expect(screen.getByText('API key')).toBeDefined();
    expect(screen.getByText('sk-1234')).toBeDefined();
    pass(20_000);
    expect(screen.getByText('Hides itself in 40 s')).toBeDefined();
    pass(39_000);
    expect(hide).not.toHaveBeenCalled();
    pass(1_000);
    expect(hide).toHaveBeenCalled();
  });

  it('goes by the clock where a tab in the background ticks seldom', () => {
    show();
    vi.setSystemTime(Date.now() + 3_600_000);
    pass(1_000);
    expect(hide).toHaveBeenCalledOnce();
  });

  it('is hidden at once on request', () => {
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Hide now' }));
    expect(hide).toHaveBeenCalledOnce();
  });
});
