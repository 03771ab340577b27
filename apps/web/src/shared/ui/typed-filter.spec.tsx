import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { TypedFilter } from './typed-filter';

const heard: (string | undefined)[] = [];

function List() {
  const [q, setQ] = useState<string | undefined>('disk');
  return (
    <MantineProvider>
      <TypedFilter
        aria-label="Search"
        value={q}
        change={(value) => {
          heard.push(value);
          setQ(value);
        }}
      />
      <button onClick={() => setQ(undefined)}>Show everything</button>
    </MantineProvider>
  );
}

const box = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Search' });

describe('a filter that is typed', () => {
  it('is told once for many keys, and empties when the filter is taken away', async () => {
    render(<List />);
    expect(box().value).toBe('disk');
    for (const value of ['disk f', 'disk fu', 'disk full']) fireEvent.change(box(), { target: { value } });
    await waitFor(() => expect(heard).toEqual(['disk full']));
    expect(box().value).toBe('disk full');
    fireEvent.click(screen.getByText('Show everything'));
    await waitFor(() => expect(box().value).toBe(''));
    fireEvent.change(box(), { target: { value: 'x' } });
    fireEvent.change(box(), { target: { value: '' } });
    await waitFor(() => expect(heard).toEqual(['disk full', undefined]));
  });
});
