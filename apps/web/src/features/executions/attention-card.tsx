import type { ExecutionDto } from '@aiops/contracts';
import { Alert, Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { runbookAccess } from '../../shared/access/runbook-access';
import { messageOf } from '../../shared/api/client';
import { useMay } from '../../shared/api/session';
import { executionDetail, executionsKey, resume } from './queries';

/** A step was interrupted and nobody knows how it ended: a person decides, with the consequences spelled out. */
export function AttentionCard({ execution }: { execution: ExecutionDto }) {
  const queries = useQueryClient();
  const may = useMay('responder');
  const access = useQuery(runbookAccess(execution.runbook.id)).data;
  const goesOn = access?.you.may_approve !== false;
  const interrupted = execution.steps.filter((step) => step.status === 'interrupted');
  const decide = useMutation({
    mutationFn: (decision: 'retry' | 'skip' | 'abort') => resume(execution.id, decision),
    onSuccess: (changed) => queries.setQueryData(executionDetail(execution.id).queryKey, changed),
    onSettled: () => queries.invalidateQueries({ queryKey: executionsKey }),
  });
  return (
    <Paper
      withBorder
      p="md"
      style={{ borderColor: 'var(--c-waiting)' }}
      role="region"
      aria-label="Decision needed"
    >
      <Stack gap="sm">
        <Title order={2}>
          <span aria-hidden style={{ color: 'var(--c-waiting)' }}>
            ‖
          </span>{' '}
          Nobody knows how this step ended
        </Title>
        {interrupted.map((step) => (
          <div key={step.index}>
            <Text size="sm">
              “{step.name}”{step.target === null ? '' : ` on ${step.target}`} was under way when contact was
              lost. It may have run, in part or whole. Look at the host first.
            </Text>
            {step.command !== null && <Code block>{step.command}</Code>}
          </div>
        ))}
        {decide.error !== null && (
          <Alert variant="outline" color="gray" title="Not done" role="alert">
            {messageOf(decide.error)}
          </Alert>
        )}
        {may && !goesOn && (
          <Text size="sm">
            You may end this run, and not go on with it. Who may: {access.who_may_approve}.
          </Text>
        )}
        {may && (
          <Group gap="sm" align="flex-start">
            <Choice
              verb="Run it again"
              effect="It may run a second time."
              run={() => decide.mutate('retry')}
              busy={decide.isPending || !goesOn}
            />
            <Choice
              verb="Take it as done"
              effect="Goes on with the next step."
              run={() => decide.mutate('skip')}
              busy={decide.isPending || !goesOn}
            />
            <Choice
              verb="Abort"
              effect="Ends the run as failed."
              run={() => decide.mutate('abort')}
              busy={decide.isPending}
            />
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

function Choice({ verb, effect, run, busy }: { verb: string; effect: string; run(): void; busy: boolean }) {
  return (
    <Stack gap={2}>
      <Button variant="default" disabled={busy} onClick={run}>
        {verb}
      </Button>
      <Text size="xs" c="dimmed">
        {effect}
      </Text>
    </Stack>
  );
}
