import { credentialKindSchema, type CredentialDto } from '@aiops/contracts';
import { Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldError } from '../../../shared/ui/form-error';
import { SaveForm, useSave } from '../save-form';
import { kindWords, secretLabels } from './credential-words';
import { noSecret, secretBody, SecretFields } from './secret-fields';

/** A new credential, or another name for one: a new secret is tried first, by rotating it. */
export function CredentialForm({ credential, done }: { credential: CredentialDto | null; done(): void }) {
  const [name, setName] = useState(credential?.name ?? '');
  const [kind, setKind] = useState<CredentialDto['kind']>(credential?.kind ?? 'ssh_key');
  const [values, setValues] = useState(noSecret);
  const save = useSave('/credentials', credential?.id ?? null, 'PATCH', done);
  const body = (): object => ({ name, ...(credential === null ? { kind, ...secretBody(values) } : {}) });
  return (
    <SaveForm save={save} body={body} shown={['name', 'secret', 'passphrase']}>
      <TextInput
        label="Name"
        required
        value={name}
        error={fieldError(save.error, 'name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Kind"
        allowDeselect={false}
        disabled={credential !== null}
        data={credentialKindSchema.options.map((value) => ({ value, label: kindWords[value] }))}
        value={kind}
        onChange={(value) =>
          setKind(credentialKindSchema.options.find((option) => option === value) ?? 'ssh_key')
        }
      />
      {credential === null ? (
        <SecretFields
          kind={kind}
          label={secretLabels[kind]}
          values={values}
          change={setValues}
          error={save.error}
        />
      ) : (
        <Text size="sm" c="dimmed">
          Runbooks find it by its name. For a new secret take “Rotate…”: it is tried on the targets first.
        </Text>
      )}
    </SaveForm>
  );
}
