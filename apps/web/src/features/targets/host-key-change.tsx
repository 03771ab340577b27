import type { HostKeyDto, TargetDto } from '@aiops/contracts';
import { Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMay } from '../../shared/api/session';
import { Mark } from '../../shared/ui/badges';
import { confirmAction } from '../../shared/ui/confirm';
import { HostKeyFacts, Randomart } from './host-key-facts';
import { conflictOf } from './host-key-words';
import { useHostKeyActions } from './use-host-key-actions';

/** Both keys side by side while a target is blocked, and the two ways out. */
export function HostKeyChange({ target, keys }: { target: TargetDto; keys: HostKeyDto[] }) {
  const may = useMay('engineer');
  const { accept, refuse, isPending } = useHostKeyActions(target);
  const conflict = conflictOf(keys);
  if (target.host_key_status !== 'changed' || conflict === null) return null;
  const { offered, known } = conflict;
  const isRefused = offered.status === 'revoked';
  const askAccept = (): void =>
    confirmAction({
      title: `Accept the new key of ${target.name}?`,
      text: `From now on the engine signs in at the host that shows ${offered.fingerprint}. Accept it only if you know why it changed: the host was reinstalled, or its key was renewed.${known === undefined ? '' : ' The old key of this type is revoked.'}`,
      verb: 'Accept the new key',
      onConfirm: () => accept(offered),
    });
  const askRefuse = (): void =>
    confirmAction({
      title: `Keep ${target.name} blocked?`,
      text: 'The key that it shows now is revoked, and the alert about it ends. Nothing is run there until it shows its known key again, or you accept another one.',
      verb: 'Keep blocking',
      onConfirm: () => refuse(offered),
    });
  return (
    <Paper withBorder p="md" style={{ borderColor: 'var(--c-critical)' }}>
      <Stack gap="md">
        <div>
          <Title order={2} size="h3">
            <Mark icon="◆" word={titleOf(known, isRefused)} meaning="critical" />
          </Title>
          <Text size="sm" mt={4} maw="72ch">
            Connections to {target.name} are blocked. Either the host was reinstalled or got a new key, or
            somebody is in between. Compare with what the host itself shows, for example on its console:{' '}
            <span className="code">ssh-keygen -lv -f /etc/ssh/ssh_host_ed25519_key.pub</span>
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          {known !== undefined && <Side title="Known and trusted" hostKey={known} />}
          <Side
            title={isRefused ? 'Shown by the host, revoked' : 'Shown by the host now'}
            hostKey={offered}
          />
        </SimpleGrid>
        {may ? (
          <Group gap="sm">
            {/* Neither is what to do in general, and the safe one comes first. */}
            <Button variant="default" disabled={isPending} onClick={askRefuse}>
              Keep blocking…
            </Button>
            <Button variant="default" loading={isPending} onClick={askAccept}>
              Accept the new key…
            </Button>
          </Group>
        ) : (
          <Text size="sm" c="dimmed">
            Engineers accept or refuse keys.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function titleOf(known: HostKeyDto | undefined, isRefused: boolean): string {
  if (known === undefined) return 'The host shows a revoked key';
  return isRefused ? 'The host shows a key that was refused' : 'The host key changed';
}

function Side({ title, hostKey }: { title: string; hostKey: HostKeyDto }) {
  return (
    <Stack gap={6}>
      <Text fw={600}>{title}</Text>
      <HostKeyFacts hostKey={hostKey} />
      <Randomart hostKey={hostKey} />
    </Stack>
  );
}
