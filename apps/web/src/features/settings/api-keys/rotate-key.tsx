import type { ApiKeyCreatedDto, ApiKeyDto } from '@aiops/contracts';
import { Button, Modal, Select, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../../shared/api/client';
import { fieldError } from '../../../shared/ui/form-error';
import { SaveForm } from '../save-form';
import { ShownKey } from './shown-key';

const graces = [
  { value: '0', label: 'Not at all: it ends now' },
  { value: '24', label: 'For a day' },
  { value: '168', label: 'For a week' },
  { value: '720', label: 'For 30 days' },
];

/** Makes a successor for a key; the old one works on for a while. */
export function RotateKey({ apiKey }: { apiKey: ApiKeyDto }) {
  const [opened, dialog] = useDisclosure(false);
  if (apiKey.replaced_by !== null) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" aria-label={`Rotate ${apiKey.name}`} onClick={dialog.open}>
        Rotate…
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={`Rotate the API key “${apiKey.name}”`} size="lg">
        <RotateForm apiKey={apiKey} done={dialog.close} />
      </Modal>
    </>
  );
}

function RotateForm({ apiKey, done }: { apiKey: ApiKeyDto; done(): void }) {
  const queries = useQueryClient();
  const [grace, setGrace] = useState('24');
  const rotate = useMutation({
    mutationFn: (body: object) => post<ApiKeyCreatedDto>(`/api-keys/${apiKey.id}/rotate`, body),
    // Nothing keeps the key once the dialog is closed.
    gcTime: 0,
  });
  // The list is read again when the key was copied: before, its row and this dialog would go.
  const finish = (): void => {
    done();
    void queries.invalidateQueries({ queryKey: ['api-keys'] });
  };
  if (rotate.data !== undefined) return <ShownKey made={rotate.data} done={finish} />;
  return (
    <SaveForm
      save={rotate}
      body={() => ({ grace_hours: Number(grace) })}
      shown={['grace_hours']}
      verb="Make new key"
      failed="Not rotated"
    >
      <Text size="sm">
        A new key with the same name, role and scopes is made. Give it to every holder while the old one still
        works.
      </Text>
      <Select
        label="The old key still works"
        allowDeselect={false}
        data={graces}
        value={grace}
        error={fieldError(rotate.error, 'grace_hours')}
        onChange={(value) => setGrace(value ?? '24')}
      />
    </SaveForm>
  );
}
