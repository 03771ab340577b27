import { credentialKindSchema, type CredentialDto } from '@aiops/contracts';
import { Code, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { Mark } from '../../shared/ui/badges';
import { fieldError } from '../../shared/ui/form-error';
import { Resource } from './resource';
import { SaveForm, useSave } from './save-form';

const kindWords = {
  ssh_key: 'SSH key',
  password: 'Password',
  token: 'Token',
  kubeconfig: 'Kubeconfig',
} as const;

export function CredentialsTab() {
  return (
    <Resource<CredentialDto>
      path="/credentials"
      noun="credential"
      intro="Secrets to sign in with. They are stored encrypted and never shown again. Runbooks use them as {{ secrets.<name> }}."
      empty="Add the private key or password that your targets take, or a token that a runbook sends."
      mayChange={useMay('engineer')}
      columns={[
        { title: 'Kind', cell: (credential) => kindWords[credential.kind] },
        {
          title: 'Fingerprint',
          cell: (credential) =>
            credential.fingerprint === null ? '—' : <Code>{credential.fingerprint}</Code>,
        },
        {
          title: 'Age',
          cell: (credential) =>
            credential.health === 'ok' ? (
              `${credential.age_days} d`
            ) : (
              <Mark icon="◷" word={`${credential.age_days} d, rotate it`} meaning="late" />
            ),
        },
      ]}
      form={(credential, done) => <CredentialForm credential={credential} done={done} />}
      deleteText={() => 'The secret is erased. A credential that a target uses cannot be deleted.'}
    />
  );
}

function CredentialForm({ credential, done }: { credential: CredentialDto | null; done(): void }) {
  const [name, setName] = useState(credential?.name ?? '');
  const [kind, setKind] = useState<CredentialDto['kind']>(credential?.kind ?? 'ssh_key');
  const [secret, setSecret] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const save = useSave('/credentials', credential?.id ?? null, 'PATCH', done);
  const body = (): object => ({
    name,
    ...(credential === null ? { kind } : {}),
    secret: secret === '' ? undefined : secret,
    passphrase: passphrase === '' ? undefined : passphrase,
  });
  const hint = credential === null ? '' : 'Empty: the stored one stays. A new one counts as a rotation.';
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
      {kind === 'ssh_key' ? (
        <>
          <Textarea
            label="Private key"
            description={hint}
            autosize
            minRows={4}
            maxRows={10}
            value={secret}
            error={fieldError(save.error, 'secret')}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          <PasswordInput
            label="Passphrase, if it has one"
            autoComplete="off"
            value={passphrase}
            error={fieldError(save.error, 'passphrase')}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        </>
      ) : (
        <PasswordInput
          label="Secret"
          description={hint}
          autoComplete="off"
          value={secret}
          error={fieldError(save.error, 'secret')}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
      )}
    </SaveForm>
  );
}
