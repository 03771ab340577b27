import type { HostKeyDto, TargetDto } from '@aiops/contracts';
import { Button, Collapse, Drawer, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../shared/api/session';
import { Mark } from '../../shared/ui/badges';
import { confirmAction } from '../../shared/ui/confirm';
import { HostKeyChange } from './host-key-change';
import { HostKeyFacts, Randomart } from './host-key-facts';
import { PinKeyForm } from './pin-key-form';
import { hostKeys } from './queries';
import { useHostKeyActions } from './use-host-key-actions';

/** By which keys a host is known, and what to do about one that is not. */
export function HostKeys({ target }: { target: TargetDto }) {
  const { data } = useQuery(hostKeys(target.id));
  const [pinning, drawer] = useDisclosure(false);
  const may = useMay('engineer');
  const keys = data?.data ?? [];
  return (
    <>
      <HostKeyChange target={target} keys={keys} />
      <Paper withBorder p="md">
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h3">
            Host keys
          </Title>
          {may && (
            <Button size="xs" variant="default" onClick={drawer.open}>
              Pin a key…
            </Button>
          )}
        </Group>
        {data !== undefined && keys.length === 0 && (
          <Text c="dimmed">
            None known yet. Check the connection to see the host’s key, or pin it beforehand.
          </Text>
        )}
        <Stack gap="sm">
          {keys.map((hostKey) => (
            <HostKeyRow key={hostKey.id} hostKey={hostKey} target={target} />
          ))}
        </Stack>
      </Paper>
      <Drawer
        opened={pinning}
        onClose={drawer.close}
        position="right"
        size="md"
        title={`Pin a key of ${target.name}`}
      >
        {pinning && <PinKeyForm target={target} done={drawer.close} />}
      </Drawer>
    </>
  );
}

const looks = {
  pending: { icon: '‖', word: 'To accept', meaning: 'waiting' },
  accepted: { icon: '✓', word: 'Accepted', meaning: 'good' },
  certified: { icon: '✓', word: 'Certified', meaning: 'good' },
  revoked: { icon: '⊘', word: 'Revoked', meaning: 'settled' },
} as const;

function HostKeyRow({ hostKey, target }: { hostKey: HostKeyDto; target: TargetDto }) {
  const [open, picture] = useDisclosure(hostKey.status === 'pending');
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={4} style={{ flex: '1 1 280px', minWidth: 0 }}>
        <Mark {...looks[hostKey.status]} />
        <HostKeyFacts hostKey={hostKey} />
        <Collapse expanded={open}>
          <Randomart hostKey={hostKey} />
        </Collapse>
      </Stack>
      <Group gap="xs">
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          aria-expanded={open}
          aria-label={`Picture of ${hostKey.fingerprint}`}
          onClick={picture.toggle}
        >
          {open ? 'Hide picture' : 'Picture'}
        </Button>
        <KeyButtons hostKey={hostKey} target={target} />
      </Group>
    </Group>
  );
}

function KeyButtons({ hostKey, target }: { hostKey: HostKeyDto; target: TargetDto }) {
  const may = useMay('engineer');
  const { accept, refuse, isPending } = useHostKeyActions(target);
  if (!may) return null;
  const isAccepted = hostKey.status === 'accepted';
  const ask = (): void =>
    confirmAction({
      title: `Accept this key of ${target.name}?`,
      text: `Compare ${hostKey.fingerprint} with what the host itself shows (ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub). From then on the engine signs in there.`,
      verb: 'Accept key',
      onConfirm: () => accept(hostKey),
    });
  const askRevoke = (): void =>
    confirmAction({
      title: `${isAccepted ? 'Revoke' : 'Refuse'} this key of ${target.name}?`,
      text: `Nothing is run on a host that shows ${hostKey.fingerprint}, until somebody accepts it.`,
      verb: isAccepted ? 'Revoke key' : 'Refuse key',
      onConfirm: () => refuse(hostKey),
    });
  return (
    <>
      {hostKey.status !== 'revoked' && (
        <Button
          size="xs"
          variant="default"
          disabled={isPending}
          aria-label={`${isAccepted ? 'Revoke' : 'Refuse'} ${hostKey.fingerprint}`}
          onClick={askRevoke}
        >
          {isAccepted ? 'Revoke…' : 'Refuse…'}
        </Button>
      )}
      {!isAccepted && (
        <Button
          size="xs"
          variant={hostKey.status === 'pending' ? 'filled' : 'default'}
          loading={isPending}
          aria-label={`Accept ${hostKey.fingerprint}`}
          onClick={ask}
        >
          Accept…
        </Button>
      )}
    </>
  );
}
