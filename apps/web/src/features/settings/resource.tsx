import { Button, Drawer, Group, Paper, Table, Text } from '@mantine/core';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { list, remove } from '../../shared/api/client';
import { confirmAction } from '../../shared/ui/confirm';
import { notifyError } from '../../shared/ui/notify';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';

/** What every listed thing has: people go by their user name. */
type Listed = { id: string } & ({ name: string } | { username: string });
const nameOf = (item: Listed): string => ('name' in item ? item.name : item.username);

/** How one kind of thing is listed; every tab of the settings has the same frame. */
export interface ResourceProps<T extends Listed> {
  path: string;
  /** One of them, as a person says it: `channel`. */
  noun: string;
  intro: string;
  empty: string;
  columns: { title: string; cell(item: T): ReactNode }[];
  mayChange: boolean;
  form?(item: T | null, done: () => void): ReactNode;
  actions?(item: T): ReactNode;
  deleteText(item: T): string;
}

export const resourceQuery = <T,>(path: string) =>
  queryOptions({
    queryKey: [path.slice(1), 'list'],
    queryFn: ({ signal }) => list<T>(path, { page_size: 200 }, signal),
  });

export function Resource<T extends Listed>(props: ResourceProps<T>) {
  const { data, error, refetch, isPending } = useQuery(resourceQuery<T>(props.path));
  const [edited, setEdited] = useState<T | 'new' | null>(null);
  const items = data?.data ?? [];
  const add = props.mayChange && props.form !== undefined && (
    <Button onClick={() => setEdited('new')}>New {props.noun}</Button>
  );
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text c="dimmed" size="sm" maw={720}>
          {props.intro}
        </Text>
        {items.length > 0 && add}
      </Group>
      {error !== null && <ErrorState what="The list" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="the list" />}
      {data !== undefined && items.length === 0 && (
        <EmptyState title={`No ${props.noun} yet`} action={add}>
          {props.empty}
        </EmptyState>
      )}
      {items.length > 0 && <ResourceTable<T> {...props} items={items} edit={(item) => setEdited(item)} />}
      <Drawer
        opened={edited !== null}
        onClose={() => setEdited(null)}
        position="right"
        size="md"
        title={edited === 'new' ? `New ${props.noun}` : edited === null ? '' : nameOf(edited)}
      >
        {edited !== null && props.form?.(edited === 'new' ? null : edited, () => setEdited(null))}
      </Drawer>
    </>
  );
}

function ResourceTable<T extends Listed>({
  items,
  edit,
  ...props
}: ResourceProps<T> & { items: T[]; edit(item: T): void }) {
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: (item: T) => remove(`${props.path}/${item.id}`),
    onError: (error) => notifyError(`The ${props.noun} was not deleted`, error),
    onSettled: () => queries.invalidateQueries({ queryKey: [props.path.slice(1)] }),
  });
  const ask = (item: T): void =>
    confirmAction({
      title: `Delete the ${props.noun} "${nameOf(item)}"?`,
      text: props.deleteText(item),
      verb: `Delete ${props.noun}`,
      onConfirm: () => erase.mutate(item),
    });
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            {props.columns.map((column) => (
              <Table.Th key={column.title}>{column.title}</Table.Th>
            ))}
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              <Table.Td fw={500}>{nameOf(item)}</Table.Td>
              {props.columns.map((column) => (
                <Table.Td key={column.title}>{column.cell(item)}</Table.Td>
              ))}
              <Table.Td>
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  {props.actions?.(item)}
                  {props.mayChange && props.form !== undefined && (
                    <Button size="compact-sm" variant="default" onClick={() => edit(item)}>
                      Edit
                    </Button>
                  )}
                  {props.mayChange && (
                    <Button size="compact-sm" variant="subtle" color="gray" onClick={() => ask(item)}>
                      Delete
                    </Button>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
