import { Box, Button, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { remove } from '../../shared/api/client';
import { confirmAction } from '../../shared/ui/confirm';
import { notifyError } from '../../shared/ui/notify';

/** What every listed thing has: people go by their user name. */
export type Listed = { id: string } & ({ name: string } | { username: string });
export const nameOf = (item: Listed): string => ('name' in item ? item.name : item.username);

interface Props<T extends Listed> {
  path: string;
  noun: string;
  columns: { title: string; cell(item: T): ReactNode }[];
  items: T[];
  mayChange: boolean;
  actions?(item: T): ReactNode;
  /** Opens the form of an item, where there is one. */
  edit?(item: T): void;
  deleteText(item: T): string;
}

/** A table where there is room, cards where there is none. */
export function ResourceTable<T extends Listed>(props: Props<T>) {
  const narrow = useMediaQuery('(max-width: 48em)');
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      {narrow ? <Cards<T> {...props} /> : <Rows<T> {...props} />}
    </Paper>
  );
}

function Rows<T extends Listed>(props: Props<T>) {
  return (
    <Table verticalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          {props.columns.map((column) => (
            <Table.Th key={column.title} style={{ whiteSpace: 'nowrap' }}>
              {column.title}
            </Table.Th>
          ))}
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td fw={500}>{nameOf(item)}</Table.Td>
            {props.columns.map((column) => (
              <Table.Td key={column.title}>{column.cell(item)}</Table.Td>
            ))}
            <Table.Td>
              <Group gap={6} justify="flex-end" wrap="nowrap">
                <Actions<T> {...props} item={item} />
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Cards<T extends Listed>(props: Props<T>) {
  return (
    <Stack gap={0} component="ul" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {props.items.map((item, index) => (
        <Box
          component="li"
          key={item.id}
          p="sm"
          style={{
            borderTop: index === 0 ? undefined : '1px solid var(--c-hairline)',
            overflowWrap: 'anywhere',
          }}
        >
          <Text fw={500} mb={4}>
            {nameOf(item)}
          </Text>
          {props.columns.map((column) => (
            <Group key={column.title} gap="xs" wrap="nowrap" align="baseline">
              <Text size="sm" c="dimmed" w={96} style={{ flexShrink: 0 }}>
                {column.title}
              </Text>
              <Text size="sm" component="div" style={{ minWidth: 0 }}>
                {column.cell(item)}
              </Text>
            </Group>
          ))}
          <Group gap={6} mt="xs">
            <Actions<T> {...props} item={item} />
          </Group>
        </Box>
      ))}
    </Stack>
  );
}

function Actions<T extends Listed>({ item, ...props }: Props<T> & { item: T }) {
  const erase = useErase(props);
  const { edit } = props;
  return (
    <>
      {props.actions?.(item)}
      {props.mayChange && edit !== undefined && (
        <Button size="compact-sm" variant="default" onClick={() => edit(item)}>
          Edit
        </Button>
      )}
      {props.mayChange && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => erase(item)}>
          Delete
        </Button>
      )}
    </>
  );
}

/** Deletes one after a question. */
function useErase<T extends Listed>({ path, noun, deleteText }: Omit<Props<T>, 'items'>) {
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: (item: T) => remove(`${path}/${item.id}`),
    onError: (error) => notifyError(`The ${noun} was not deleted`, error),
    onSettled: () => queries.invalidateQueries({ queryKey: [path.slice(1)] }),
  });
  return (item: T): void =>
    confirmAction({
      title: `Delete the ${noun} "${nameOf(item)}"?`,
      text: deleteText(item),
      verb: `Delete ${noun}`,
      onConfirm: () => erase.mutate(item),
    });
}
