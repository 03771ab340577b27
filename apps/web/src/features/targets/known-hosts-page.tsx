import type { KnownHostRuleDto } from '@aiops/contracts';
import { Anchor, Button, Code, Drawer, Group, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { Mark } from '../../shared/ui/badges';
import { confirmAction } from '../../shared/ui/confirm';
import { notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { KnownHostForm } from './known-host-form';
import { KnownHostsImport } from './known-hosts-import';
import { knownHostRules, knownHostsKey, removeKnownHostRule } from './queries';

/** Whom the engine believes about hosts, by pattern: authorities, and keys that must never be trusted. */
export function KnownHostsPage() {
  const { data, error, refetch, isPending } = useQuery(knownHostRules);
  const [open, setOpen] = useState<'rule' | 'import' | null>(null);
  const may = useMay('engineer');
  const rules = data?.data ?? [];
  const actions = may && (
    <>
      <Button onClick={() => setOpen('import')}>Import known_hosts</Button>
      <Button variant="default" onClick={() => setOpen('rule')}>
        Add a rule
      </Button>
    </>
  );
  return (
    <Page title="Known hosts" tabTitle="Known hosts" actions={rules.length > 0 && actions}>
      <Anchor component={Link} to="/targets" size="sm">
        ‹ Targets
      </Anchor>
      <Text c="dimmed" size="sm" maw="72ch">
        These rules hold for every target whose host they match, also for those that are added later. Keys of
        single targets are on the target’s page.
      </Text>
      {error !== null && <ErrorState what="Known hosts" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="known hosts" />}
      {data !== undefined && rules.length === 0 && (
        <EmptyState
          title="No authorities and no revoked keys"
          action={actions === false ? undefined : <Group gap="xs">{actions}</Group>}
        >
          Trust a certificate authority, and its hosts are signed in at without asking. Import a known_hosts
          file, and its keys are pinned on the targets that it names.
        </EmptyState>
      )}
      <Stack gap="sm">
        {rules.map((rule) => (
          <Rule key={rule.id} rule={rule} may={may} />
        ))}
      </Stack>
      <Drawer
        opened={open !== null}
        onClose={() => setOpen(null)}
        position="right"
        size={open === 'import' ? 'xl' : 'md'}
        title={open === 'import' ? 'Import known_hosts' : 'Add a rule'}
      >
        {open === 'rule' && <KnownHostForm done={() => setOpen(null)} />}
        {open === 'import' && <KnownHostsImport done={() => setOpen(null)} />}
      </Drawer>
    </Page>
  );
}

const looks = {
  certificate_authority: { icon: '✓', word: 'Trusted authority', meaning: 'good' },
  revoked: { icon: '⊘', word: 'Revoked key', meaning: 'failed' },
} as const;

function Rule({ rule, may }: { rule: KnownHostRuleDto; may: boolean }) {
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: () => removeKnownHostRule(rule.id),
    onError: (error) => notifyError('The rule was not removed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: knownHostsKey }),
  });
  const ask = (): void =>
    confirmAction({
      title: 'Remove this rule?',
      text:
        rule.kind === 'revoked'
          ? `${rule.fingerprint} can be accepted again for ${rule.hosts}; until a person does so it stays revoked where it was.`
          : `Hosts that only this authority vouches for have to be accepted one by one from now on.`,
      verb: 'Remove rule',
      onConfirm: () => erase.mutate(),
    });
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Group gap="sm">
            <Mark {...looks[rule.kind]} />
            <Text className="code">{rule.hosts}</Text>
          </Group>
          <div>
            <Code style={{ overflowWrap: 'anywhere' }}>{rule.fingerprint}</Code>
          </div>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {rule.algorithm}
            {rule.comment === '' ? '' : ` · ${rule.comment}`} · added by {rule.created_by}{' '}
            <Age at={rule.created_at} suffix=" ago" />
          </Text>
        </Stack>
        {may && (
          <Button
            size="xs"
            variant="default"
            loading={erase.isPending}
            aria-label={`Remove the rule for ${rule.hosts}`}
            onClick={ask}
          >
            Remove…
          </Button>
        )}
      </Group>
    </Paper>
  );
}
