import type { ExecutionDto } from '@aiops/contracts';
import { List, Text } from '@mantine/core';
import { Age } from '../../shared/ui/time';

type Intervention = ExecutionDto['interventions'][number];

const did: Record<Intervention['kind'], string> = {
  approved: 'approved',
  rejected: 'declined',
  cancelled: 'asked for a stop',
  retried: 'decided to run it again',
  skipped: 'decided to go on without it',
  aborted: 'ended it after the interruption',
};

/** Who decided what about an execution, and what they wrote to it. */
export function DecisionList({ execution }: { execution: ExecutionDto }) {
  if (execution.interventions.length === 0) return null;
  return (
    <List size="sm" listStyleType="none" aria-label="Decisions">
      {execution.interventions.map((intervention) => (
        <List.Item key={intervention.at}>
          <Text span size="sm" fw={600}>
            {intervention.by.name}
          </Text>{' '}
          {did[intervention.kind]}
          {aboutSteps(execution, intervention)} <Age at={intervention.at} suffix=" ago" />
          {intervention.note !== null && `: “${intervention.note}”`}
        </List.Item>
      ))}
    </List>
  );
}

function aboutSteps(execution: ExecutionDto, { step_indexes: indexes }: Intervention): string {
  const names = indexes.map((index) => execution.steps[index]?.name ?? `step ${index + 1}`);
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}
