import type { ExecutionDto, ExecutionStepDto } from '@aiops/contracts';
import { Box, Code, Group, Paper, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { durationOf, useNow } from '../../shared/live/clock';
import { StepStatusMark } from '../../shared/ui/badges';

const phases = [
  { phase: 'steps', title: 'Steps' },
  { phase: 'rollback', title: 'Rollback' },
  { phase: 'verify', title: 'Proof' },
] as const;

interface Props {
  execution: ExecutionDto;
  chosen: number | null;
  choose(index: number | null): void;
}

/** Every step with how it went; choosing one shows only its output. */
export function StepList({ execution, chosen, choose }: Props) {
  return (
    <Stack>
      {phases.map(({ phase, title }) => {
        const steps = execution.steps.filter((step) => step.phase === phase);
        if (steps.length === 0) return null;
        return (
          <Paper withBorder p="md" key={phase}>
            <Title order={2} size="h3" mb="xs">
              {title}
            </Title>
            <Stack gap={4} component="ol" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
              {steps.map((step) => (
                <li key={step.index}>
                  <Step
                    step={step}
                    several={execution.targets.length > 1}
                    chosen={step.index === chosen}
                    choose={() => choose(step.index === chosen ? null : step.index)}
                  />
                </li>
              ))}
            </Stack>
          </Paper>
        );
      })}
    </Stack>
  );
}

function Step({
  step,
  several,
  chosen,
  choose,
}: {
  step: ExecutionStepDto;
  several: boolean;
  chosen: boolean;
  choose(): void;
}) {
  return (
    <UnstyledButton
      w="100%"
      p={8}
      onClick={choose}
      aria-pressed={chosen}
      className="row"
      style={{ borderRadius: 6, background: chosen ? 'var(--c-hover)' : undefined }}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={500} size="sm">
          {step.name}
          {several && step.target !== null ? ` · ${step.target}` : ''}
        </Text>
        <Group gap={8} wrap="nowrap">
          <Text size="xs" c="dimmed">
            <StepTime step={step} />
          </Text>
          <Text size="sm" span>
            <StepStatusMark status={step.status} />
          </Text>
        </Group>
      </Group>
      {step.command !== null && (
        <Box mt={4}>
          <Code className="code">{step.command}</Code>
        </Box>
      )}
      {(step.reason !== null || step.attempt > 1 || (step.exit_code !== null && step.exit_code !== 0)) && (
        <Text size="xs" c="dimmed" mt={4}>
          {[
            step.attempt > 1 ? `attempt ${step.attempt}` : '',
            step.exit_code !== null && step.exit_code !== 0 ? `exit code ${step.exit_code}` : '',
            step.reason ?? '',
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </Text>
      )}
    </UnstyledButton>
  );
}

function StepTime({ step }: { step: ExecutionStepDto }) {
  const now = useNow();
  if (step.started_at === null) return null;
  const end = step.finished_at === null ? now : Date.parse(step.finished_at);
  return <>{durationOf(Math.max(0, end - Date.parse(step.started_at)))}</>;
}
