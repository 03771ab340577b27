import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keysAreTaken, nextSequence, useHotkeys } from './hotkeys';
import { setSingleKeys } from './single-keys';

const actions = { goToAlerts: vi.fn(), open: vi.fn(), help: vi.fn(), press: vi.fn() };

function Page() {
  useHotkeys({ 'g a': actions.goToAlerts, Enter: actions.open, '?': actions.help });
  return (
    <>
      <button onClick={actions.press}>Acknowledge</button>
      <input aria-label="Search" />
      <div role="menu" tabIndex={-1}>
        <button role="menuitem">Theme</button>
      </div>
    </>
  );
}

afterEach(() => setSingleKeys(true));

describe('keys', () => {
  it('follow one another into a sequence within a second', () => {
    const first = nextSequence({ keys: '', at: 0 }, 'g', 10_000);
    expect(nextSequence(first, 'a', 10_900).keys).toBe('g a');
    expect(nextSequence(first, 'a', 11_100).keys).toBe('a');
  });

  it('belong to a field, an editor, a menu or a dialog while it has the focus', () => {
    document.body.innerHTML =
      '<input id="field"><div role="dialog"><button id="inside"></button></div><button id="free"></button>';
    expect(keysAreTaken(document.getElementById('field'))).toBe(true);
    expect(keysAreTaken(document.getElementById('inside'))).toBe(true);
    expect(keysAreTaken(document.getElementById('free'))).toBe(false);
    expect(keysAreTaken(null)).toBe(false);
    document.body.innerHTML = '';
  });

  it('act on the page', async () => {
    render(<Page />);
    await userEvent.keyboard('ga{Enter}?');
    expect(actions.goToAlerts).toHaveBeenCalledTimes(1);
    expect(actions.open).toHaveBeenCalledTimes(1);
    expect(actions.help).toHaveBeenCalledTimes(1);
  });

  it('leave Enter to the button that has the focus', async () => {
    render(<Page />);
    screen.getByRole('button', { name: 'Acknowledge' }).focus();
    await userEvent.keyboard('{Enter}');
    expect(actions.press).toHaveBeenCalledTimes(1);
    expect(actions.open).not.toHaveBeenCalled();
  });

  it('do nothing while somebody types or chooses from a menu', async () => {
    render(<Page />);
    await userEvent.type(screen.getByLabelText('Search'), 'ga?');
    screen.getByRole('menuitem').focus();
    await userEvent.keyboard('?');
    expect(actions.help).not.toHaveBeenCalled();
    expect(actions.goToAlerts).not.toHaveBeenCalled();
  });

  it('of one character can be switched off; Enter stays', async () => {
    setSingleKeys(false);
    render(<Page />);
    await userEvent.keyboard('ga?{Enter}');
    expect(actions.goToAlerts).not.toHaveBeenCalled();
    expect(actions.help).not.toHaveBeenCalled();
    expect(actions.open).toHaveBeenCalledTimes(1);
  });
});
