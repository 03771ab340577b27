import type { FeatureFlagDto } from '@aiops/contracts';
import { Button, Group, NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { confirmAction } from '../../shared/ui/confirm';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { notifyError } from '../../shared/ui/notify';
import { changeFlag, createFlag, deleteFlag, flagsKey } from './queries';

const blank = { key: '', description: '', enabled: false, percentage: 100 };

/** One flag; what somebody else changed while it was open is not overwritten. */
export function FlagForm({ flag, done }: { flag: FeatureFlagDto | null; done(): void }) {
  const queries = useQueryClient();
  const [input, setInput] = useState(flag ?? blank);
  const set = (change: Partial<typeof blank>): void => setInput((before) => ({ ...before, ...change }));
  const { key, description, enabled, percentage } = input;
  const save = useMutation({
    mutationFn: () =>
      flag === null
        ? createFlag({ key, description, enabled, percentage })
        : changeFlag(flag.key, { description, enabled, percentage, version: flag.version }),
    onSuccess: done,
    onSettled: () => queries.invalidateQueries({ queryKey: flagsKey }),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Key"
          description="Lower-case words with . _ or - between them"
          required
          disabled={flag !== null}
          value={key}
          error={fieldError(save.error, 'key')}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
        <Textarea
          label="What it switches"
          autosize
          minRows={2}
          value={description}
          error={fieldError(save.error, 'description')}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <Switch
          label="On"
          checked={enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
        <NumberInput
          label="For how many of a hundred"
          description="Always the same ones; a larger share only adds to them"
          suffix=" %"
          min={0}
          max={100}
          allowDecimal={false}
          value={percentage}
          error={fieldError(save.error, 'percentage')}
          onChange={(value) => set({ percentage: Number(value) })}
        />
        <FormError error={save.error} shown={['key', 'description', 'percentage']} />
        <Group justify="flex-end" gap="xs">
          {flag !== null && <DeleteButton flag={flag} done={done} />}
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function DeleteButton({ flag, done }: { flag: FeatureFlagDto; done(): void }) {
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: () => deleteFlag(flag.key),
    onSuccess: done,
    onError: (error) => notifyError('The flag was not deleted', error),
    onSettled: () => queries.invalidateQueries({ queryKey: flagsKey }),
  });
  const ask = (): void =>
    confirmAction({
      title: `Delete the flag "${flag.key}"?`,
      text: 'Whatever asks it does from now on what it would do without a flag.',
      verb: 'Delete flag',
      onConfirm: () => erase.mutate(),
    });
  return (
    <Button variant="subtle" color="gray" loading={erase.isPending} onClick={ask}>
      Delete
    </Button>
  );
}
