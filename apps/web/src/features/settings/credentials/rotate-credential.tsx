import type { CredentialDto, CredentialRotation } from '@aiops/contracts';
import { Alert, Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../../shared/api/client';
import { useMay } from '../../../shared/api/session';
import { Mark } from '../../../shared/ui/badges';
import { FormError } from '../../../shared/ui/form-error';
import { refusalsOf, secretLabels, type Trial } from './credential-words';
import { noSecret, secretBody, SecretFields } from './secret-fields';

/** Gives a credential a new secret, which its targets must take before it counts. */
export function RotateCredential({ credential }: { credential: CredentialDto }) {
  const [opened, dialog] = useDisclosure(false);
  if (!useMay('engineer')) return null;
  const { name } = credential;
  return (
    <>
      <Button size="compact-sm" variant="default" aria-label={`Rotate ${name}`} onClick={dialog.open}>
        Rotate…
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={`Rotate “${name}”`} size="lg">
        <RotateForm credential={credential} done={dialog.close} />
      </Modal>
    </>
  );
}

function useRotate({ id }: CredentialDto) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: object) => post<CredentialRotation>(`/credentials/${id}/rotate`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['credentials'] }),
    // Nothing keeps the secret once the dialog is closed.
    gcTime: 0,
  });
}

function RotateForm({ credential, done }: { credential: CredentialDto; done(): void }) {
  const [values, setValues] = useState(noSecret);
  const [reason, setReason] = useState('');
  const rotate = useRotate(credential);
  if (rotate.data !== undefined) return <Rotated tests={rotate.data.tests} done={done} />;
  const refusals = refusalsOf(rotate.error);
  const send = (force: boolean): void =>
    rotate.mutate({ ...secretBody(values), force, reason: reason === '' ? undefined : reason });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
    >
      <Stack>
        <Text size="sm">
          The new secret is tried on every target that uses it. Until all of them take it, the present one
          stays in use.
        </Text>
        <SecretFields
          kind={credential.kind}
          label={`New ${secretLabels[credential.kind].toLowerCase()}`}
          values={values}
          change={(next) => {
            rotate.reset();
            setValues(next);
          }}
          error={rotate.error}
        />
        <TextInput
          label="Why (kept in the audit log)"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {refusals.length > 0 ? (
          <Refused refusals={refusals} busy={rotate.isPending} force={() => send(true)} />
        ) : (
          <FormError error={rotate.error} shown={['secret', 'passphrase']} />
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={rotate.isPending}>
            {rotate.isPending ? 'Trying it…' : refusals.length > 0 ? 'Try again' : 'Try and rotate'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Refused({ refusals, busy, force }: { refusals: Trial[]; busy: boolean; force(): void }) {
  const count = refusals.length === 1 ? 'One target' : `${refusals.length} targets`;
  return (
    <Alert variant="outline" color="gray" title="Nothing was changed" role="alert">
      <Stack gap="sm">
        <Text size="sm">{count} did not take the new secret. The present one stays in use.</Text>
        <Trials trials={refusals} />
        <Text size="sm">
          You can rotate all the same, such as for a host that is down for good.{' '}
          <b>No runbook reaches these targets until they take the new secret.</b>
        </Text>
        <Group>
          <Button
            disabled={busy}
            style={{ background: 'var(--c-failed)', color: 'var(--mantine-color-body)' }}
            onClick={force}
          >
            Rotate all the same
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function Rotated({ tests, done }: { tests: Trial[]; done(): void }) {
  const failed = tests.filter(({ ok }) => !ok).length;
  return (
    <Stack>
      <Text size="sm" role="status">
        {rotatedWords(tests.length, failed)}
      </Text>
      <Trials trials={tests} />
      <Group justify="flex-end">
        <Button onClick={done}>Done</Button>
      </Group>
    </Stack>
  );
}

function rotatedWords(tried: number, failed: number): string {
  if (tried === 0) return 'Rotated. No target uses it, so it was tried nowhere.';
  if (failed > 0) return `Rotated, although ${failed} of ${tried} did not take it. Give them the new secret.`;
  return tried === 1 ? 'Rotated. Its target took it.' : `Rotated. All ${tried} targets took it.`;
}

function Trials({ trials }: { trials: Trial[] }) {
  return (
    <List size="sm" listStyleType="none" spacing={6}>
      {trials.map(({ target, ok, message }) => (
        <List.Item key={target} style={{ overflowWrap: 'anywhere' }}>
          <b>{target}</b>{' '}
          {ok ? (
            <Mark icon="✓" word="Took it" meaning="good" />
          ) : (
            <Mark icon="✕" word="Failed" meaning="failed" />
          )}
          <div>{message}</div>
        </List.Item>
      ))}
    </List>
  );
}
