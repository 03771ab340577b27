import { Alert, List, Text } from '@mantine/core';
import { ApiError, messageOf } from '../api/client';

/** What the engine said of a form: the sentence, and the fields that have no input of their own. */
export function FormError({
  error,
  shown = [],
  title = 'Not saved',
}: {
  error: unknown;
  shown?: string[];
  title?: string;
}) {
  if (error === null || error === undefined) return null;
  const rest =
    error instanceof ApiError
      ? (error.problem.errors ?? []).filter(({ field }) => !shown.includes(field))
      : [];
  return (
    <Alert variant="outline" color="gray" title={title} role="alert">
      <Text size="sm">{messageOf(error)}</Text>
      {rest.length > 0 && (
        <List size="sm">
          {rest.map(({ field, message }) => (
            <List.Item key={field + message}>
              {field}: {message}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

/** The engine's message for one field. */
export const fieldError = (error: unknown, field: string): string | undefined =>
  error instanceof ApiError ? error.fieldErrors[field] : undefined;
