import type { FailedOperationDto } from '@aiops/contracts';
import { Box, Checkbox, Group, Text, UnstyledButton } from '@mantine/core';
import { Mark } from '../../../shared/ui/badges';
import { Age } from '../../../shared/ui/time';

const looks = {
  failed: { icon: '✕', word: 'Open', meaning: 'failed' },
  retried: { icon: '↻', word: 'Retried', meaning: 'settled' },
  discarded: { icon: '⊘', word: 'Discarded', meaning: 'settled' },
} as const;

export const FailedMark = ({ status }: Pick<FailedOperationDto, 'status'>) => <Mark {...looks[status]} />;

interface Props {
  operations: FailedOperationDto[];
  selected: ReadonlySet<string>;
  active: number;
  toggle(operation: FailedOperationDto): void;
  open(operation: FailedOperationDto): void;
}

export function FailedList({ operations, selected, active, toggle, open }: Props) {
  return (
    <Box component="ul" aria-label="Operations" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {operations.map((operation, index) => (
        <Box
          component="li"
          key={operation.id}
          p="sm"
          className="row"
          data-active={index === active}
          onClick={() => open(operation)}
          style={{ borderBottom: '1px solid var(--c-hairline)' }}
        >
          <Group wrap="nowrap" align="flex-start" gap="sm">
            <Checkbox
              size="sm"
              mt={2}
              aria-label={`Select ${operation.operation}: ${operation.error}`}
              checked={selected.has(operation.id)}
              disabled={operation.status !== 'failed'}
              onClick={(event) => event.stopPropagation()}
              onChange={() => toggle(operation)}
            />
            <Summary operation={operation} open={open} />
          </Group>
        </Box>
      ))}
    </Box>
  );
}

function Summary({ operation, open }: { operation: FailedOperationDto } & Pick<Props, 'open'>) {
  return (
    <Box style={{ flex: 1, minWidth: 0 }}>
      <Group justify="space-between" gap="xs">
        <UnstyledButton
          fw={600}
          style={{ overflowWrap: 'anywhere' }}
          onClick={(event) => {
            event.stopPropagation();
            open(operation);
          }}
        >
          {operation.operation}
        </UnstyledButton>
        <FailedMark status={operation.status} />
      </Group>
      <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {operation.error}
      </Text>
      <Text size="xs" c="dimmed">
        {operation.attempts} {operation.attempts === 1 ? 'attempt' : 'attempts'}, the last{' '}
        <Age at={operation.failed_at} suffix=" ago" />
        {operation.handled_by !== null && ` · by ${operation.handled_by}`}
      </Text>
    </Box>
  );
}
