import { PasswordInput } from '@mantine/core';

/** A password that somebody chooses. One field: it can be looked at, which helps more than typing it twice. */
export function NewPassword({
  value,
  set,
  error,
}: {
  value: string;
  set(value: string): void;
  error: string | undefined;
}) {
  return (
    <PasswordInput
      label="New password"
      description="12 characters or more; some words that do not belong together are easy to keep in mind"
      autoComplete="new-password"
      required
      minLength={12}
      maxLength={1000}
      value={value}
      error={error}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
