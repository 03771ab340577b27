import type { FactorsDto, PasskeyDto } from '@aiops/contracts';
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDeviceMobile, IconFingerprint, IconLifebuoy } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { isProblem } from '../api/client';
import { confirmAction } from '../ui/confirm';
import { notifyDone, notifyError } from '../ui/notify';
import { ErrorState, Loading } from '../ui/states';
import { Age, At } from '../ui/time';
import { FactorDialog, type Setup } from './factor-dialog';
import { myFactors, removePasskey, removeTotp } from './queries';

/** What somebody proves who they are with besides a password, and how to change that. */
export function FactorsSection() {
  const { data, error, refetch, isPending } = useQuery(myFactors);
  return (
    <Stack gap="md" component="section" aria-labelledby="factors-title">
      <Stack gap={4} maw={640}>
        <Title order={2} size="h3" id="factors-title">
          Second factors
        </Title>
        <Text size="sm" c="dimmed">
          With one of these a stolen password lets nobody in. A passkey also signs you in by itself.
        </Text>
      </Stack>
      {error !== null && <ErrorState what="Your second factors" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="your second factors" />}
      {data !== undefined && <Factors factors={data} />}
    </Stack>
  );
}

function Factors({ factors }: { factors: FactorsDto }) {
  const [setup, setSetup] = useState<Setup | null>(null);
  const remove = useRemove();
  const { totp, passkeys, recovery_codes_left: left, passkeys_unavailable: unavailable } = factors;
  const hasAny = totp !== null || passkeys.length > 0;
  return (
    <>
      {hasAny && left < 3 && (
        <Alert variant="outline" color="gray">
          {left === 0
            ? 'You have no recovery codes left.'
            : `You have only ${left} recovery ${left === 1 ? 'code' : 'codes'} left.`}{' '}
          Make new ones, or losing your device locks you out.
        </Alert>
      )}
      <Paper withBorder component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Second factors">
        {totp !== null && (
          <Row
            icon={<IconDeviceMobile size={24} stroke={1.6} aria-hidden />}
            name="Authenticator app"
            facts={
              <>
                since <At at={totp.confirmed_at} />
              </>
            }
          >
            <RemoveButton of="the authenticator app" go={() => remove.app()} />
          </Row>
        )}
        {passkeys.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} remove={() => remove.passkey(passkey)} />
        ))}
        {hasAny && (
          <Row
            icon={<IconLifebuoy size={24} stroke={1.6} aria-hidden />}
            name="Recovery codes"
            facts={`${left} left`}
          >
            <Button size="compact-sm" variant="default" onClick={() => setSetup('codes')}>
              Make new ones
            </Button>
          </Row>
        )}
        {!hasAny && (
          <Text component="li" p="md" size="sm" c="dimmed">
            None yet{factors.required ? ', and your role needs one.' : '.'}
          </Text>
        )}
      </Paper>
      <Group gap="xs">
        {totp === null && (
          <Button variant="default" onClick={() => setSetup('app')}>
            Set up an authenticator app
          </Button>
        )}
        {unavailable === null && (
          <Button variant="default" onClick={() => setSetup('passkey')}>
            Add a passkey
          </Button>
        )}
      </Group>
      {unavailable !== null && (
        <Text size="sm" c="dimmed" maw={640}>
          No passkeys here. {unavailable}
        </Text>
      )}
      {setup !== null && <FactorDialog setup={setup} factors={factors} close={() => setSetup(null)} />}
    </>
  );
}

function PasskeyRow({ passkey, remove }: { passkey: PasskeyDto; remove(): void }) {
  const { name, synced, last_used_at: used } = passkey;
  return (
    <Row
      icon={<IconFingerprint size={24} stroke={1.6} aria-hidden />}
      name={name}
      facts={
        <>
          Passkey, {synced ? 'shared by your devices' : 'on one device'} ·{' '}
          {used === null ? 'not used yet' : <Age at={used} suffix=" ago" />}
        </>
      }
    >
      <RemoveButton of={`the passkey ${name}`} go={remove} />
    </Row>
  );
}

function Row({
  icon,
  name,
  facts,
  children,
}: {
  icon: ReactNode;
  name: string;
  facts: ReactNode;
  children: ReactNode;
}) {
  return (
    <Group component="li" p="md" wrap="nowrap" style={{ borderBottom: '1px solid var(--c-hairline)' }}>
      {icon}
      <Stack gap={2} style={{ flexGrow: 1, minWidth: 0 }}>
        <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {facts}
        </Text>
      </Stack>
      {children}
    </Group>
  );
}

const RemoveButton = ({ of, go }: { of: string; go(): void }) => (
  <Button
    size="compact-sm"
    variant="default"
    aria-label={`Remove ${of}`}
    onClick={go}
    style={{ flexShrink: 0 }}
  >
    Remove
  </Button>
);

function useRemove(): { app(): void; passkey(passkey: PasskeyDto): void } {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: ({ work }: { what: string; work(): Promise<void> }) => work(),
    onSuccess: (_nothing, { what }) =>
      notifyDone(`${what} is removed. If somebody else has it, end your other sessions too.`),
    onError: (error, { what }) =>
      isProblem(error, 'confirmation-required')
        ? notifyError(
            `${what} was not removed`,
            new Error('It is some time ago that you signed in: sign out and in again first.'),
          )
        : notifyError(`${what} was not removed`, error),
    onSettled: () => queries.invalidateQueries({ queryKey: myFactors.queryKey }),
  });
  const ask = (what: string, work: () => Promise<void>): void =>
    confirmAction({
      title: `Remove ${what}?`,
      text: 'From then on you cannot prove who you are with it.',
      verb: 'Remove',
      onConfirm: () => remove.mutate({ what: what[0]?.toUpperCase() + what.slice(1), work }),
    });
  return {
    app: () => ask('the authenticator app', removeTotp),
    passkey: ({ id, name }) => ask(`the passkey ${name}`, () => removePasskey(id)),
  };
}
