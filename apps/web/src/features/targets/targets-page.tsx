import type { TargetDto } from '@aiops/contracts';
import { Button, Drawer, Paper, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMay } from '../../shared/api/session';
import { useLive } from '../../shared/live/live';
import { LabelChips } from '../../shared/ui/labels';
import { LinkButton } from '../../shared/ui/links';
import { useListKeys } from '../../shared/ui/list-keys';
import { Page } from '../../shared/ui/page';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { targetList, targetsKey } from './queries';
import { TargetForm } from './target-form';
import { TargetState } from './target-state';

export function TargetsPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch, isPending } = useQuery(targetList);
  const [adding, drawer] = useDisclosure(false);
  const may = useMay('engineer');
  useLive('target.updated', () => void queries.invalidateQueries({ queryKey: targetsKey }));
  const targets = data?.data ?? [];
  const open = (target: TargetDto): void => void navigate({ to: '/targets/$id', params: { id: target.id } });
  const active = useListKeys(targets, { open });
  const add = may && <Button onClick={drawer.open}>Add target</Button>;
  return (
    <Page
      title="Targets"
      tabTitle="Targets"
      actions={
        <>
          {targets.length > 0 && add}
          <LinkButton to="/known-hosts" variant="default">
            Known hosts
          </LinkButton>
        </>
      }
    >
      {error !== null && <ErrorState what="Targets" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="targets" />}
      {data !== undefined && targets.length === 0 && (
        <EmptyState title="No targets yet" action={add}>
          A target is a host that runbooks act on: its address, the user to sign in as, and a credential.
        </EmptyState>
      )}
      {targets.length > 0 && (
        <Paper withBorder style={{ overflowX: 'auto' }}>
          <Table verticalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>State</Table.Th>
                <Table.Th>Name</Table.Th>
                <Table.Th>Address</Table.Th>
                <Table.Th>Labels</Table.Th>
                <Table.Th>Last contact</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {targets.map((target, index) => (
                <Table.Tr
                  key={target.id}
                  className="row"
                  data-active={index === active}
                  onClick={() => open(target)}
                >
                  <Table.Td>
                    <TargetState target={target} />
                  </Table.Td>
                  <Table.Td>
                    <Link to="/targets/$id" params={{ id: target.id }} className="plain">
                      <Text fw={500}>{target.name}</Text>
                    </Link>
                  </Table.Td>
                  <Table.Td className="code">
                    {target.username === null ? '' : `${target.username}@`}
                    {target.host}:{target.port}
                  </Table.Td>
                  <Table.Td>
                    <LabelChips labels={target.labels} />
                  </Table.Td>
                  <Table.Td>
                    {target.last_seen_at === null ? '—' : <Age at={target.last_seen_at} suffix=" ago" />}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      <Drawer opened={adding} onClose={drawer.close} position="right" size="md" title="Add target">
        {adding && <TargetForm target={null} done={(target) => open(target)} />}
      </Drawer>
    </Page>
  );
}
