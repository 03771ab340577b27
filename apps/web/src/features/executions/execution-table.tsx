import type { ExecutionDto } from '@aiops/contracts';
import { Box, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { durationOf, useNow } from '../../shared/live/clock';
import { ExecutionStatusMark } from '../../shared/ui/badges';
import { Age } from '../../shared/ui/time';
import { elapsedOf, isFinal, progressOf } from './progress';

interface Props {
  executions: ExecutionDto[];
  active: number;
  open(execution: ExecutionDto): void;
}

const targetsOf = ({ targets }: ExecutionDto): string =>
  targets.length === 0 ? '—' : targets.length === 1 ? (targets[0]?.name ?? '') : `${targets.length} targets`;
const byOf = (execution: ExecutionDto): string =>
  `${execution.trigger === 'rule' ? 'rule ' : ''}${execution.requested_by.name}${execution.dry_run ? ' · preview' : ''}`;

/** A table where there is room, cards where there is none. */
export function ExecutionTable(props: Props) {
  const narrow = useMediaQuery('(max-width: 48em)');
  return narrow ? <Cards {...props} /> : <Rows {...props} />;
}

function Rows({ executions, active, open }: Props) {
  return (
    <Table stickyHeader stickyHeaderOffset={52} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>State</Table.Th>
          <Table.Th>Runbook</Table.Th>
          <Table.Th>Target</Table.Th>
          <Table.Th w={150}>Step</Table.Th>
          <Table.Th>By</Table.Th>
          <Table.Th>Asked for</Table.Th>
          <Table.Th ta="right">Took</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {executions.map((execution, index) => (
          <Table.Tr
            key={execution.id}
            className="row"
            data-active={index === active}
            onClick={() => open(execution)}
          >
            <Table.Td>
              <ExecutionStatusMark status={execution.status} />
            </Table.Td>
            <Table.Td>
              <Link
                to="/executions/$id"
                params={{ id: execution.id }}
                className="plain"
                onClick={(event) => event.stopPropagation()}
              >
                <Text fw={500} span>
                  {execution.runbook.name}
                </Text>{' '}
                <Text c="dimmed" span>
                  v{execution.runbook.version}
                </Text>
              </Link>
            </Table.Td>
            <Table.Td>{targetsOf(execution)}</Table.Td>
            <Table.Td>
              <StepBar execution={execution} />
            </Table.Td>
            <Table.Td>{byOf(execution)}</Table.Td>
            <Table.Td>
              <Age at={execution.created_at} suffix=" ago" />
            </Table.Td>
            <Table.Td ta="right">
              <Took execution={execution} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Cards({ executions, active, open }: Props) {
  return (
    <Stack gap={0} component="ul" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {executions.map((execution, index) => (
        <Box
          component="li"
          key={execution.id}
          p="sm"
          className="row"
          data-active={index === active}
          onClick={() => open(execution)}
          style={{ borderBottom: '1px solid var(--c-hairline)' }}
        >
          <Group justify="space-between" wrap="nowrap">
            <ExecutionStatusMark status={execution.status} />
            <Text size="sm" c="dimmed">
              <Age at={execution.created_at} />
            </Text>
          </Group>
          <Link to="/executions/$id" params={{ id: execution.id }} className="plain">
            <Text fw={500}>
              {execution.runbook.name} · {targetsOf(execution)}
            </Text>
          </Link>
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {byOf(execution)}
            </Text>
            <StepBar execution={execution} />
          </Group>
        </Box>
      ))}
    </Stack>
  );
}

function StepBar({ execution }: { execution: ExecutionDto }) {
  const { done, of } = progressOf(execution.steps);
  if (of === 0) return <>—</>;
  const colour =
    execution.status === 'succeeded'
      ? 'var(--c-good)'
      : isFinal(execution.status)
        ? 'var(--c-settled)'
        : 'var(--c-running)';
  return (
    <Group gap={8} wrap="nowrap">
      <Progress
        value={(done / of) * 100}
        color={colour}
        size="sm"
        w={70}
        aria-label={`${done} of ${of} steps`}
      />
      <Text size="xs" c="dimmed">
        {done}/{of}
      </Text>
    </Group>
  );
}

/** How long it took, or takes so far. */
export function Took({ execution }: { execution: ExecutionDto }) {
  const elapsed = elapsedOf(execution, useNow());
  return <>{elapsed === null ? '—' : durationOf(elapsed)}</>;
}
