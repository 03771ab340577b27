import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useListKeys } from './list-keys';

const open = vi.fn();
const toggle = vi.fn();

function List({ ids }: { ids: string[] }) {
  const active = useListKeys(
    ids.map((id) => ({ id })),
    { open: ({ id }) => void open(id), toggle: ({ id }) => void toggle(id) },
  );
  return (
    <>
      <button>Elsewhere</button>
      <ul>
        {ids.map((id, index) => (
          <li key={id} data-active={index === active}>
            <a href={`#${id}`}>{id}</a>
          </li>
        ))}
      </ul>
    </>
  );
}

beforeEach(() => {
  Element.prototype.scrollIntoView = vi.fn();
  window.scrollBy = vi.fn();
});

describe('the keys of a list', () => {
  it('move the real focus, and stop at the ends', async () => {
    render(<List ids={['a', 'b', 'c']} />);
    await userEvent.keyboard('j');
    expect(screen.getByText('a')).toHaveFocus();
    await userEvent.keyboard('jjjj');
    expect(screen.getByText('c')).toHaveFocus();
    await userEvent.keyboard('k');
    expect(screen.getByText('b')).toHaveFocus();
    await userEvent.keyboard('G');
    expect(screen.getByText('c')).toHaveFocus();
  });

  it('select and open the row that has the focus, however it came there', async () => {
    render(<List ids={['a', 'b', 'c']} />);
    await userEvent.click(screen.getByText('b'));
    await userEvent.keyboard('xo');
    expect(toggle).toHaveBeenCalledExactlyOnceWith('b');
    expect(open).toHaveBeenCalledExactlyOnceWith('b');
  });

  it('stay with their row when new ones come in above it', async () => {
    const { rerender } = render(<List ids={['a', 'b']} />);
    await userEvent.keyboard('jj');
    rerender(<List ids={['new', 'a', 'b']} />);
    expect(screen.getByText('b')).toHaveFocus();
    await userEvent.keyboard('x');
    expect(toggle).toHaveBeenCalledExactlyOnceWith('b');
  });

  it('leave the arrows to scrolling until the focus is in the list', async () => {
    render(<List ids={['a', 'b']} />);
    screen.getByText('Elsewhere').focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(screen.getByText('Elsewhere')).toHaveFocus();
    await userEvent.keyboard('j{ArrowDown}');
    expect(screen.getByText('b')).toHaveFocus();
  });
});
