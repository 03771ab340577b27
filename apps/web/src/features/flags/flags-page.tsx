import type { FeatureFlagDto } from '@aiops/contracts';
import { Button, Drawer, Paper, Switch, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { FlagForm } from './flag-form';
import { reachText } from './flag-words';
import { changeFlag, flagList, flagsKey } from './queries';

/** Switches that count on every replica at once, without a restart. */
export function FlagsPage() {
  const { data, error, refetch, isPending } = useQuery(flagList);
  const [edited, setEdited] = useState<FeatureFlagDto | 'new' | null>(null);
  const may = useMay('admin');
  const flags = data?.data ?? [];
  const newFlag = may && <Button onClick={() => setEdited('new')}>New flag</Button>;
  return (
    <Page title="Feature flags" tabTitle="Feature flags" actions={flags.length > 0 && newFlag}>
      <Text c="dimmed" size="sm">
        A change counts everywhere within a second.
        {may ? '' : ' Administrators change them.'}
      </Text>
      {error !== null && <ErrorState what="Feature flags" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="feature flags" />}
      {data !== undefined && flags.length === 0 && (
        <EmptyState title="No flags" action={newFlag}>
          Everything does what it would do without a flag.
        </EmptyState>
      )}
      {flags.length > 0 && <FlagTable flags={flags} may={may} open={setEdited} />}
      <Drawer
        opened={edited !== null}
        onClose={() => setEdited(null)}
        position="right"
        size="md"
        title={edited === 'new' ? 'New flag' : 'Feature flag'}
      >
        {edited !== null && <FlagForm flag={edited === 'new' ? null : edited} done={() => setEdited(null)} />}
      </Drawer>
    </Page>
  );
}

function FlagTable({
  flags,
  may,
  open,
}: {
  flags: FeatureFlagDto[];
  may: boolean;
  open(flag: FeatureFlagDto): void;
}) {
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>On</Table.Th>
            <Table.Th>Flag</Table.Th>
            <Table.Th>For</Table.Th>
            <Table.Th>Changed</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {flags.map((flag) => (
            <Table.Tr key={flag.id}>
              <Table.Td>
                <OnSwitch flag={flag} may={may} />
              </Table.Td>
              <Table.Td miw={220}>
                <Text className="code">{flag.key}</Text>
                <Text size="sm" c="dimmed">
                  {flag.description}
                </Text>
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{reachText(flag)}</Table.Td>
              <Table.Td>
                {flag.updated_by === null ? (
                  '—'
                ) : (
                  <>
                    <Age at={flag.updated_at} suffix=" ago" /> by {flag.updated_by}
                  </>
                )}
              </Table.Td>
              <Table.Td ta="right">
                {may && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Edit ${flag.key}`}
                    onClick={() => open(flag)}
                  >
                    Edit
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

/** Without a look at versions: who switches something off in a bad night must not be told to try again. */
function OnSwitch({ flag, may }: { flag: FeatureFlagDto; may: boolean }) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (enabled: boolean) => changeFlag(flag.key, { enabled }),
    onError: (error) => notifyError(`"${flag.key}" was not changed`, error),
    onSettled: () => queries.invalidateQueries({ queryKey: flagsKey }),
  });
  return (
    <Switch
      size="sm"
      aria-label={`${flag.key} is on`}
      checked={flag.enabled}
      disabled={!may || change.isPending}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}
