import type { RevealedDto } from '@aiops/contracts';
import { Button, Modal, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { post } from '../../../shared/api/client';
import { useMay } from '../../../shared/api/session';
import { fieldError } from '../../../shared/ui/form-error';
import { SaveForm } from '../save-form';
import { ShownSecrets } from './shown-secrets';

/** Shows a stored secret to an administrator who says why. */
export function RevealSecret({ path, name }: { path: string; name: string }) {
  const [opened, dialog] = useDisclosure(false);
  if (!useMay('admin')) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" aria-label={`Reveal ${name}`} onClick={dialog.open}>
        Reveal…
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={`Reveal the secret of “${name}”`} size="lg">
        <Reveal path={path} />
      </Modal>
    </>
  );
}

/** What it shows goes with it when the dialog closes. */
function Reveal({ path }: { path: string }) {
  const [reason, setReason] = useState('');
  const [hidden, setHidden] = useState(false);
  const reveal = useMutation({
    mutationFn: (body: object) => post<RevealedDto>(`${path}/reveal`, body),
    // Nothing keeps the secret once it is off the screen.
    gcTime: 0,
  });
  const { reset } = reveal;
  const hide = useCallback(() => {
    setHidden(true);
    setReason('');
    reset();
  }, [reset]);
  if (reveal.data !== undefined)
    return <ShownSecrets secrets={reveal.data.secrets} since={reveal.submittedAt} hide={hide} />;
  return (
    <SaveForm save={reveal} body={() => ({ reason })} shown={['reason']} verb="Show it" failed="Not shown">
      {hidden && (
        <Text size="sm" role="status">
          The secret is hidden again.
        </Text>
      )}
      <Text size="sm">
        The audit log keeps that you looked at it, and why. It is shown for a minute, or until you close this.
      </Text>
      <TextInput
        label="Why you need to see it"
        placeholder="Moving the host to the new monitoring"
        required
        data-autofocus
        autoComplete="off"
        value={reason}
        error={fieldError(reveal.error, 'reason')}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </SaveForm>
  );
}
