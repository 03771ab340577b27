import type { CredentialDto } from '@aiops/contracts';
import { Alert, Code, List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../../shared/api/session';
import { Mark } from '../../../shared/ui/badges';
import { exactTime } from '../../../shared/ui/time';
import { Resource, resourceQuery } from '../resource';
import { RevealSecret } from '../secrets/reveal-secret';
import { CredentialForm } from './credential-form';
import { daysWords, kindWords } from './credential-words';
import { RotateCredential } from './rotate-credential';

export function CredentialsTab() {
  return (
    <>
      <Stale />
      <Resource<CredentialDto>
        path="/credentials"
        noun="credential"
        intro="Secrets to sign in with, stored encrypted. An administrator can have one shown, for a reason that the audit log keeps. Runbooks use them as {{ secrets.<name> }}."
        empty="Add the private key or password that your targets take, or a token that a runbook sends."
        mayChange={useMay('engineer')}
        columns={[
          { title: 'Kind', cell: (credential) => kindWords[credential.kind] },
          {
            title: 'Fingerprint',
            cell: (credential) =>
              credential.fingerprint === null ? '—' : <Code>{credential.fingerprint}</Code>,
          },
          { title: 'Age', cell: (credential) => <SecretAge credential={credential} /> },
        ]}
        form={(credential, done) => <CredentialForm credential={credential} done={done} />}
        actions={(credential) => (
          <>
            <RotateCredential credential={credential} />
            <RevealSecret path={`/credentials/${credential.id}`} name={credential.name} />
          </>
        )}
        deleteText={() => 'The secret is erased. A credential that a target uses cannot be deleted.'}
      />
    </>
  );
}

/** Since its last secret. */
function SecretAge({ credential }: { credential: CredentialDto }) {
  const words = daysWords(credential.age_days);
  return (
    <span title={`Last rotated ${exactTime(credential.last_rotated_at)}`}>
      {credential.health === 'stale' ? <Mark icon="◷" word={words} meaning="late" /> : words}
    </span>
  );
}

/** Secrets that are older than they should become. */
function Stale() {
  const { data } = useQuery(resourceQuery<CredentialDto>('/credentials'));
  const stale = (data?.data ?? []).filter(({ health }) => health === 'stale');
  if (stale.length === 0) return null;
  const title = stale.length === 1 ? 'One secret is too old' : `${stale.length} secrets are too old`;
  return (
    <Alert variant="outline" color="gray" title={title} mb="md">
      <List size="sm">
        {stale.map(({ id, name, age_days }) => (
          <List.Item key={id}>
            <b>{name}</b> has had the same secret for {daysWords(age_days)}. Rotate it; the engine may be set
            to connect with it no more.
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
