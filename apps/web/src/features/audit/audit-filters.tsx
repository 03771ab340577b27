import {
  auditActionSchema,
  auditOutcomeSchema,
  auditSubjectKindSchema,
  type AuditEntryDto,
} from '@aiops/contracts';
import { Button, CloseButton, Group, Paper, Select, Text, TextInput } from '@mantine/core';
import { TypedFilter } from '../../shared/ui/typed-filter';
import { actionGroups, actorWord, kindOptions, kindWord, subjectWord } from './audit-words';
import type { AuditSearch } from './search';

interface Props {
  search: AuditSearch;
  set(change: Partial<AuditSearch>): void;
  /** One that was found, which knows the names behind ids. */
  found: AuditEntryDto | undefined;
}

const outcomes = [
  { value: 'succeeded', label: 'Done' },
  { value: 'failed', label: 'Failed' },
  { value: 'refused', label: 'Refused' },
];

export function AuditFilters({ search, set, found }: Props) {
  return (
    <>
      <Group gap="sm" align="flex-end">
        <TypedFilter
          data-search
          label="Search"
          placeholder="Who, what, why (/)"
          value={search.q}
          change={(q) => set({ q })}
          style={{ flex: '1 1 200px' }}
        />
        <TypedFilter
          label="Who"
          placeholder="User name"
          value={isId(search.actor) ? undefined : search.actor}
          change={(actor) => set({ actor })}
          style={{ flex: '1 1 130px' }}
        />
        <Select
          label="Action"
          placeholder="Any"
          clearable
          searchable
          value={search.action ?? null}
          onChange={(action) => set({ action: auditActionSchema.safeParse(action).data })}
          data={actionGroups}
          style={{ flex: '1 1 180px' }}
        />
        <Select
          label="Done to"
          placeholder="Anything"
          clearable
          searchable
          value={search.kind ?? null}
          onChange={(kind) => set({ kind: auditSubjectKindSchema.safeParse(kind).data, subject: undefined })}
          data={kindOptions}
          style={{ flex: '1 1 130px' }}
        />
        <Select
          label="Outcome"
          placeholder="Any"
          clearable
          value={search.outcome ?? null}
          onChange={(outcome) => set({ outcome: auditOutcomeSchema.safeParse(outcome).data })}
          data={outcomes}
          style={{ flex: '1 1 130px' }}
        />
        <Day label="From" value={search.from} change={(from) => set({ from })} />
        <Day label="Until" value={search.to} change={(to) => set({ to })} />
      </Group>
      <Narrowed search={search} set={set} found={found} />
    </>
  );
}

function Day({
  label,
  value,
  change,
}: {
  label: string;
  value: string | undefined;
  change(day: string | undefined): void;
}) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value ?? ''}
      onChange={(event) => change(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      style={{ flex: '1 1 130px' }}
    />
  );
}

/** Whoever was narrowed down to from an entry stands there by id: names may be given twice. */
const isId = (actor: string | undefined): boolean => actor !== undefined && /^[0-9a-f-]{36}$/i.test(actor);

/** What was narrowed down to from an entry, with a way back. */
function Narrowed({ search, set, found }: Props) {
  const { actor, kind, subject, trace } = search;
  const parts: { text: string; without: Partial<AuditSearch> }[] = [];
  if (actor !== undefined && isId(actor)) {
    const who = found?.actor.id === actor ? actorWord(found) : actor;
    parts.push({ text: `By ${who}`, without: { actor: undefined } });
  }
  if (subject !== undefined) {
    const what = found?.subject.id === subject ? subjectWord(found) : subject;
    const text = `Only ${kind === undefined ? '' : kindWord(kind)} ${what}`;
    parts.push({ text, without: { kind: undefined, subject: undefined } });
  }
  if (trace !== undefined) parts.push({ text: `Trace ${trace}`, without: { trace: undefined } });
  if (parts.length === 0) return null;
  return (
    <Group gap="xs">
      {parts.map(({ text, without }) => (
        <Paper key={text} withBorder px="xs" py={2}>
          <Group gap={4} wrap="nowrap">
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {text}
            </Text>
            <CloseButton size="sm" aria-label={`Without “${text}”`} onClick={() => set(without)} />
          </Group>
        </Paper>
      ))}
      {parts.length > 1 && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => set({ actor: undefined, kind: undefined, subject: undefined, trace: undefined })}
        >
          Clear
        </Button>
      )}
    </Group>
  );
}
