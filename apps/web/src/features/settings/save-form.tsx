import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import type { ReactNode, SyntheticEvent } from 'react';
import { api } from '../../shared/api/client';
import { FormError } from '../../shared/ui/form-error';

/** Creates without an id, changes with one, and has the lists read again. */
export function useSave(
  path: string,
  id: string | null,
  method: 'PUT' | 'PATCH',
  done: () => void,
): UseMutationResult<unknown, Error, object> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: object) =>
      id === null ? api('POST', path, { body }) : api(method, `${path}/${id}`, { body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [path.slice(1)] });
      done();
    },
  });
}

/** The frame of a form: fields, what the engine said, one button. */
export function SaveForm({
  save,
  body,
  shown,
  verb = 'Save',
  failed,
  children,
}: {
  save: UseMutationResult<unknown, Error, object>;
  body(): object;
  shown: string[];
  verb?: string;
  /** What did not happen when it failed; `Not saved`. */
  failed?: string;
  children: ReactNode;
}) {
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save.mutate(body());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <FormError error={save.error} shown={shown} title={failed} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
