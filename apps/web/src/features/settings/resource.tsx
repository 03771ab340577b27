import { Button, Drawer, Group, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { list } from '../../shared/api/client';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { ResourceTable, nameOf, type Listed } from './resource-table';

/** How one kind of thing is listed; every tab of the settings has the same frame. */
export interface ResourceProps<T extends Listed> {
  path: string;
  /** One of them, as a person says it: `channel`. */
  noun: string;
  intro: string;
  empty: string;
  columns: { title: string; cell(item: T): ReactNode }[];
  mayChange: boolean;
  /** Where something else is the first thing to do. */
  isAddingSecond?: boolean;
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
    <Button variant={props.isAddingSecond === true ? 'default' : 'filled'} onClick={() => setEdited('new')}>
      New {props.noun}
    </Button>
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
      {items.length > 0 && (
        <ResourceTable<T> {...props} items={items} edit={props.form === undefined ? undefined : setEdited} />
      )}
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
