import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

const TYPING_MS = 250;

interface Props extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue'> {
  /** What the list is filtered by. */
  value: string | undefined;
  /** Told a moment after the last key; `undefined` when the box is empty. */
  change(value: string | undefined): void;
}

/** A box that filters while one types, and follows when the filter is changed from elsewhere, such as “Show everything”. */
export function TypedFilter({ value, change, ...rest }: Props) {
  const [text, setText] = useState(value ?? '');
  const told = useRef(value ?? '');
  const tell = useDebouncedCallback((typed: string) => {
    told.current = typed;
    change(typed === '' ? undefined : typed);
  }, TYPING_MS);
  useEffect(() => {
    const now = value ?? '';
    if (now === told.current) return;
    tell.cancel();
    told.current = now;
    setText(now);
    // Only what comes from elsewhere counts: `tell` is another one after every key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value]);
  return (
    <TextInput
      {...rest}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
