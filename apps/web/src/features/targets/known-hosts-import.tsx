import type { KnownHostsAction, KnownHostsPlanDto } from '@aiops/contracts';
import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Mark } from '../../shared/ui/badges';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { importKnownHosts, knownHostsKey, previewKnownHosts, targetsKey } from './queries';

/** Shows line by line what an import does, before it does it. */
export function KnownHostsImport({ done }: { done(): void }) {
  const queries = useQueryClient();
  const [content, setContent] = useState('');
  const preview = useMutation({ mutationFn: previewKnownHosts });
  const store = useMutation({
    mutationFn: importKnownHosts,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: knownHostsKey });
      void queries.invalidateQueries({ queryKey: targetsKey });
    },
  });
  const change = (text: string): void => {
    setContent(text);
    preview.reset();
    store.reset();
  };
  const read = (file: File | null): void => void file?.text().then(change);
  const plan = store.data ?? preview.data;
  return (
    <Stack>
      <Textarea
        label="Content of the file"
        description="Usually ~/.ssh/known_hosts or /etc/ssh/ssh_known_hosts; hashed names are fine"
        autosize
        minRows={6}
        maxRows={12}
        spellCheck={false}
        value={content}
        error={fieldError(preview.error ?? store.error, 'content')}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <Group gap="sm">
        <FileButton onChange={read}>
          {(props) => (
            <Button variant="default" {...props}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Button
          variant={plan === undefined ? 'filled' : 'default'}
          disabled={content.trim() === '' || store.data !== undefined}
          loading={preview.isPending}
          onClick={() => preview.mutate(content)}
        >
          Preview
        </Button>
      </Group>
      <FormError error={preview.error ?? store.error} shown={['content']} />
      {plan !== undefined && <Plan plan={plan} />}
      {plan !== undefined && (
        <Group justify="flex-end">
          {store.data === undefined ? (
            <Button
              disabled={workOf(plan) === 0}
              loading={store.isPending}
              onClick={() => store.mutate(content)}
            >
              {workOf(plan) === 0 ? 'Nothing to import' : `Import ${lines(workOf(plan))}`}
            </Button>
          ) : (
            <Button onClick={done}>Done</Button>
          )}
        </Group>
      )}
      <Text size="sm" role="status">
        {store.data === undefined ? '' : `Imported ${lines(workOf(store.data))}.`}
      </Text>
    </Stack>
  );
}

const lines = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);
const workOf = ({ counts }: KnownHostsPlanDto): number => counts.pin + counts.trust_authority + counts.revoke;

const looks = {
  pin: { icon: '✓', word: 'Pins', meaning: 'good' },
  trust_authority: { icon: '✓', word: 'Trusts', meaning: 'good' },
  revoke: { icon: '⊘', word: 'Revokes', meaning: 'failed' },
  unchanged: { icon: '○', word: 'No change', meaning: 'settled' },
  unmatched: { icon: '○', word: 'No target', meaning: 'settled' },
  refused: { icon: '▲', word: 'Left out', meaning: 'high' },
  invalid: { icon: '✕', word: 'Not readable', meaning: 'failed' },
  ignored: { icon: '○', word: 'Comment', meaning: 'settled' },
} as const satisfies Record<KnownHostsAction, object>;

function Plan({ plan }: { plan: KnownHostsPlanDto }) {
  const shown = plan.lines.filter(({ action }) => action !== 'ignored');
  const left = plan.lines.length - shown.length;
  return (
    <Stack gap="xs" component="ol" p={0} m={0} aria-label="Line by line" style={{ listStyle: 'none' }}>
      {shown.map(({ line, text, action, message }) => (
        <li key={line}>
          <Group gap="sm">
            <Text size="xs" c="dimmed">
              Line {line}
            </Text>
            <Mark {...looks[action]} />
          </Group>
          <Text size="sm">{message}</Text>
          <Text className="code" size="xs" c="dimmed" truncate title={text}>
            {text}
          </Text>
        </li>
      ))}
      {left > 0 && (
        <Text component="li" size="xs" c="dimmed">
          {lines(left)} without an entry: comments and empty ones.
        </Text>
      )}
    </Stack>
  );
}
