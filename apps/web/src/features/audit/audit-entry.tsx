import type { AuditEntryDto } from '@aiops/contracts';
import { Anchor, Code, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState, Loading } from '../../shared/ui/states';
import { exactTime } from '../../shared/ui/time';
import { OutcomeMark } from './audit-table';
import { actionWord, actorWord, changeRows, kindWord, subjectWord, type ChangeRow } from './audit-words';
import { auditEntry } from './queries';
import type { AuditSearch } from './search';

interface Props {
  id: string;
  /** Shows all entries that fit. */
  filter(search: AuditSearch): void;
}

/** One entry, with what it changed. */
export function AuditEntry({ id, filter }: Props) {
  const { data, error, refetch, isPending } = useQuery(auditEntry(id));
  if (error !== null) return <ErrorState what="The entry" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the entry" />;
  return (
    <Stack>
      <Title order={2} size="h3">
        {actionWord(data.action)}
      </Title>
      <Facts entry={data} filter={filter} />
      <Changes entry={data} />
      <Chain entry={data} />
    </Stack>
  );
}

function Facts({ entry, filter }: { entry: AuditEntryDto; filter: Props['filter'] }) {
  const { actor, subject, trace_id: trace } = entry;
  const rows: [string, ReactNode][] = [
    ['Outcome', <OutcomeMark key="outcome" outcome={entry.outcome} />],
    ['When', exactTime(entry.occurred_at)],
    [
      'Who',
      <Narrow
        key="who"
        text={actorWord(entry)}
        what="Everything they did"
        go={() => filter({ actor: actor.id ?? actor.name })}
      />,
    ],
    [
      `To the ${kindWord(subject.kind)}`,
      subject.id === null ? (
        subjectWord(entry)
      ) : (
        <Narrow
          key="subject"
          text={subjectWord(entry)}
          what="Everything done to it"
          go={() => filter({ kind: subject.kind, subject: subject.id ?? undefined })}
        />
      ),
    ],
    ['Why', entry.reason],
    ['From', entry.remote_address],
    ['With', entry.user_agent],
    [
      'Trace',
      trace === null ? null : (
        <Narrow key="trace" text={trace} what="The same request" go={() => filter({ trace })} />
      ),
    ],
  ];
  return (
    <Table variant="vertical" layout="fixed" withTableBorder>
      <Table.Tbody>
        {rows
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w={130}>{name}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}

function Narrow({ text, what, go }: { text: string; what: string; go(): void }) {
  return (
    <>
      {text}{' '}
      <Anchor component="button" type="button" size="sm" onClick={go}>
        {what}
      </Anchor>
    </>
  );
}

function Changes({ entry }: { entry: AuditEntryDto }) {
  const rows = changeRows(entry);
  if (entry.before === null && entry.after === null) return null;
  if (rows.length === 0) return <Text c="dimmed">It was saved and nothing differs.</Text>;
  return (
    <Table layout="fixed" withTableBorder captionSide="top">
      <Table.Caption ta="left">What changed</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="36%">Field</Table.Th>
          {entry.before !== null && <Table.Th>Before</Table.Th>}
          {entry.after !== null && <Table.Th>After</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.field}>
            <Table.Th scope="row" style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
              {row.field}
            </Table.Th>
            {entry.before !== null && <Value row={row} value={row.before} sign="−" />}
            {entry.after !== null && <Value row={row} value={row.after} sign="+" />}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Value({ row, value, sign }: { row: ChangeRow; value: string | null; sign: string }) {
  const style = { overflowWrap: 'anywhere', whiteSpace: 'pre-wrap', verticalAlign: 'top' } as const;
  if (value === null) return <Table.Td c="dimmed">—</Table.Td>;
  if (row.secret) return <Table.Td c="dimmed">secret, not recorded</Table.Td>;
  return (
    <Table.Td style={style}>
      <Text span c="dimmed" aria-hidden>
        {sign}{' '}
      </Text>
      {value === '' ? <Text c="dimmed">(empty)</Text> : value}
    </Table.Td>
  );
}

function Chain({ entry }: { entry: AuditEntryDto }) {
  return (
    <Text size="xs" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
      Entry {entry.position}, hash <Code>{entry.hash}</Code>, follows <Code>{entry.previous_hash}</Code>
    </Text>
  );
}
