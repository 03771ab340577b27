import type { ExecutionDto } from '@aiops/contracts';
import { Alert, Anchor, Button, Code, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { getHotkeyHandler } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { runbookAccess, whyNotApprove } from '../../shared/access/runbook-access';
import { messageOf } from '../../shared/api/client';
import { useMay, useSession } from '../../shared/api/session';
import { ageOf, useNow } from '../../shared/live/clock';
import { approve, executionDetail, executionsKey, reject } from './queries';

const presets = ['Not now', 'Wrong target', 'Needs a closer look first'];

/** Everything that an approver must see: the exact commands, where, why, what happens when nobody answers. */
export function ApprovalCard({ execution }: { execution: ExecutionDto }) {
  const queries = useQueryClient();
  const isResponder = useMay('responder');
  const userId = useSession()?.user.id ?? '';
  const access = useQuery(runbookAccess(execution.runbook.id));
  const refusal = access.data === undefined ? null : whyNotApprove(access.data, userId, execution);
  // While it is not known, or could not be asked, the engine decides.
  const may = isResponder && refusal === null && !access.isPending;
  const heading = useRef<HTMLHeadingElement>(null);
  const [note, setNote] = useState('');
  const [declining, setDeclining] = useState(false);
  useEffect(() => heading.current?.focus(), []);
  const settled = {
    onSuccess: (changed: ExecutionDto) =>
      queries.setQueryData(executionDetail(execution.id).queryKey, changed),
    // A refusal means that something changed meanwhile: show what is true now.
    onSettled: () => queries.invalidateQueries({ queryKey: executionsKey }),
  };
  const accept = useMutation({ mutationFn: () => approve(execution, note), ...settled });
  const decline = useMutation({ mutationFn: (reason: string) => reject(execution.id, reason), ...settled });
  const busy = accept.isPending || decline.isPending;
  const error = accept.error ?? decline.error;
  const waitingStep = execution.steps.find((step) => step.status === 'awaiting_approval');
  const onKey = getHotkeyHandler([['mod+Enter', () => may && !busy && accept.mutate()]]);
  return (
    <Paper withBorder p="md" style={{ borderColor: 'var(--c-waiting)' }} onKeyDown={onKey}>
      <Stack gap="sm">
        <Title order={2} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          <span aria-hidden style={{ color: 'var(--c-waiting)' }}>
            ‖
          </span>{' '}
          {waitingStep === undefined ? `Run ${execution.runbook.name}?` : `Go on with “${waitingStep.name}”?`}
        </Title>
        <Why execution={execution} />
        <Plan execution={execution} />
        <Expiry at={execution.approval_expires_at} />
        {error !== null && (
          <Alert variant="outline" color="gray" title="Not done" role="alert">
            {messageOf(error)}
          </Alert>
        )}
        {refusal !== null && <Text size="sm">{refusal}</Text>}
        {isResponder ? (
          <>
            {!declining && may && (
              <Textarea
                label="Note (kept with the approval)"
                autosize
                minRows={1}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
              />
            )}
            <Group gap="sm">
              {declining ? (
                <>
                  {presets.map((reason) => (
                    <Button
                      key={reason}
                      variant="default"
                      disabled={busy}
                      onClick={() => decline.mutate(reason)}
                    >
                      {reason}
                    </Button>
                  ))}
                  <Button variant="subtle" color="gray" onClick={() => setDeclining(false)}>
                    Back
                  </Button>
                </>
              ) : (
                <>
                  <Button loading={accept.isPending} disabled={busy || !may} onClick={() => accept.mutate()}>
                    {accept.isPending ? 'Approving…' : 'Approve & run'}
                  </Button>
                  <Button variant="default" disabled={busy} onClick={() => setDeclining(true)}>
                    Decline…
                  </Button>
                  {may && (
                    <Text size="xs" c="dimmed">
                      Ctrl+Enter approves
                    </Text>
                  )}
                </>
              )}
            </Group>
          </>
        ) : (
          refusal === null && <Text size="sm">Viewers approve nothing.</Text>
        )}
      </Stack>
    </Paper>
  );
}

function Why({ execution }: { execution: ExecutionDto }) {
  const { requested_by: by } = execution;
  return (
    <Text size="sm">
      Asked for by {by.kind === 'rule' ? 'the rule ' : ''}
      {by.name}
      {execution.alert_id !== null && (
        <>
          {' '}
          for{' '}
          <Anchor component={Link} to={`/alerts/${execution.alert_id}`} size="sm">
            its alert
          </Anchor>
        </>
      )}
      , on{' '}
      {execution.plan?.targets
        .map(
          (target) =>
            `${target.name} (${target.username === null ? '' : `${target.username}@`}${target.host})`,
        )
        .join(', ') || 'no target'}
      .
    </Text>
  );
}

const phaseWords = { steps: '', verify: 'proof: ', rollback: 'only if it fails: ' } as const;

function Plan({ execution }: { execution: ExecutionDto }) {
  const steps = execution.plan?.steps ?? [];
  const unknown = [...new Set(steps.flatMap((step) => step.unknown))];
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        Exactly this will run:
      </Text>
      {steps.map((step, index) => (
        <div key={index}>
          <Text size="xs" c="dimmed">
            {phaseWords[step.phase]}
            {step.name}
            {step.target === null ? '' : ` · ${step.target}`}
            {step.approval_required ? ' · asks again before it runs' : ''}
          </Text>
          <Code block>{step.command}</Code>
        </div>
      ))}
      {unknown.length > 0 && (
        <Text size="xs" c="dimmed">
          Known only while it runs, and marked above: {unknown.join(', ')}.
        </Text>
      )}
    </Stack>
  );
}

function Expiry({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return null;
  const left = Date.parse(at) - now;
  return (
    <Text size="sm">
      {left > 0
        ? `Expires in ${ageOf(left)}: then it is declined and nothing runs.`
        : 'Expired: it is being declined.'}
    </Text>
  );
}
