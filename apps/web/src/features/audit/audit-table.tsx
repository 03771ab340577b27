import type { AuditEntryDto } from '@aiops/contracts';
import { Anchor, Box, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Mark } from '../../shared/ui/badges';
import { At } from '../../shared/ui/time';
import { actionWord, actorWord, subjectWord } from './audit-words';

interface Props {
  entries: AuditEntryDto[];
  active: number;
  open(entry: AuditEntryDto): void;
}

/** A table where there is room, cards where there is none. */
export function AuditTable(props: Props) {
  const narrow = useMediaQuery('(max-width: 48em)');
  return narrow ? <Cards {...props} /> : <Rows {...props} />;
}

export function OutcomeMark({ outcome }: Pick<AuditEntryDto, 'outcome'>) {
  if (outcome === 'failed') return <Mark icon="✕" word="Failed" meaning="failed" />;
  if (outcome === 'refused') return <Mark icon="⊘" word="Refused" meaning="late" />;
  return <Mark icon="✓" word="Done" meaning="good" />;
}

/** The way to an entry for keyboards and screen readers; the row is one for the mouse. */
function Open({ entry, open }: { entry: AuditEntryDto; open: Props['open'] }) {
  return (
    <Anchor
      component="button"
      type="button"
      className="plain"
      size="sm"
      onClick={(event) => {
        event.stopPropagation();
        open(entry);
      }}
    >
      {actionWord(entry.action)}
    </Anchor>
  );
}

function Rows({ entries, active, open }: Props) {
  return (
    <Table stickyHeader stickyHeaderOffset={52} verticalSpacing={6} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={150}>When</Table.Th>
          <Table.Th w="18%">Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th w="26%">To</Table.Th>
          <Table.Th w={110}>Outcome</Table.Th>
          <Table.Th w={150}>From</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry, index) => (
          <Table.Tr key={entry.id} className="row" data-active={index === active} onClick={() => open(entry)}>
            <Table.Td>
              <At at={entry.occurred_at} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" truncate>
                {actorWord(entry)}
              </Text>
            </Table.Td>
            <Table.Td>
              <Open entry={entry} open={open} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" truncate title={subjectWord(entry)}>
                {subjectWord(entry)}
              </Text>
            </Table.Td>
            <Table.Td>
              <OutcomeMark outcome={entry.outcome} />
            </Table.Td>
            <Table.Td>
              <Text size="sm" c="dimmed" truncate>
                {entry.remote_address ?? '—'}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Cards({ entries, active, open }: Props) {
  return (
    <Stack gap={0} component="ul" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {entries.map((entry, index) => (
        <Box
          component="li"
          key={entry.id}
          p="sm"
          className="row"
          data-active={index === active}
          onClick={() => open(entry)}
          style={{ borderBottom: '1px solid var(--c-hairline)' }}
        >
          <Group justify="space-between" wrap="nowrap">
            <Open entry={entry} open={open} />
            {entry.outcome !== 'succeeded' && <OutcomeMark outcome={entry.outcome} />}
          </Group>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {subjectWord(entry)}
          </Text>
          <Text size="sm" c="dimmed">
            {actorWord(entry)} · <At at={entry.occurred_at} />
          </Text>
        </Box>
      ))}
    </Stack>
  );
}
