import type { RunbookAccessDto, RunbookAccessInput, RunbookDto } from '@aiops/contracts';
import { Button, Group, Radio, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { riskWords, runbookAccess, youWords } from '../../shared/access/runbook-access';
import { put } from '../../shared/api/client';
import { useMay } from '../../shared/api/session';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { notifyDone } from '../../shared/ui/notify';
import { ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { PermitFields, type Permit } from './permit-fields';

/** Who may run the runbook and who may approve it: for engineers to set, for everybody to read. */
export function RunbookAccessPanel({ runbook }: { runbook: RunbookDto }) {
  const mayChange = useMay('engineer');
  const { data, error, refetch, isPending } = useQuery(runbookAccess(runbook.id));
  if (error !== null) return <ErrorState what="The access" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the access" />;
  return (
    <Stack maw={900}>
      <Summary access={data} withRisk={!mayChange} />
      {mayChange ? (
        <AccessForm key={data.updated_at ?? 'default'} runbookId={runbook.id} access={data} />
      ) : (
        <Text size="sm" c="dimmed">
          Engineers and administrators can change this.
        </Text>
      )}
    </Stack>
  );
}

function Summary({ access, withRisk }: { access: RunbookAccessDto; withRisk: boolean }) {
  const approvers = `${access.who_may_approve}${access.self_approval ? '' : ', and never who asked for the run'}`;
  return (
    <Stack gap={2}>
      {withRisk && <Text size="sm">{riskWords[access.risk]}</Text>}
      <Text size="sm">Who may run it: {access.who_may_run}.</Text>
      <Text size="sm">Who may approve it: {approvers}.</Text>
      <Text size="sm">{youWords(access)}</Text>
      <Text size="sm" c="dimmed">
        {access.updated_at === null ? (
          'Nobody has set this yet: it follows from what the runbook says of approval.'
        ) : (
          <>
            Set by {access.updated_by} <Age at={access.updated_at} suffix=" ago" />.
          </>
        )}
      </Text>
    </Stack>
  );
}

function useSaveAccess(runbookId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: RunbookAccessInput) => put<RunbookAccessDto>(`/runbooks/${runbookId}/access`, input),
    onSuccess: (saved) => {
      queries.setQueryData(runbookAccess(runbookId).queryKey, saved);
      notifyDone('Access saved. It counts from the next run and approval on.');
    },
  });
}

function AccessForm({ runbookId, access }: { runbookId: string; access: RunbookAccessDto }) {
  const [risk, setRisk] = useState(access.risk);
  const [run, setRun] = useState<Permit>(access.run);
  const [approve, setApprove] = useState<Permit>(access.approve);
  const [fourEyes, setFourEyes] = useState(!access.self_approval);
  const save = useSaveAccess(runbookId);
  const chooseRisk = (value: string): void => {
    setRisk(value === 'low' ? 'low' : 'high');
    // What responders approve has no high risk.
    if (value === 'high' && approve.role === 'responder') setApprove({ ...approve, role: 'engineer' });
  };
  const errorOf = (permit: 'run' | 'approve') => (field: string) =>
    fieldError(save.error, `${permit}.${field}`);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ risk, run, approve, self_approval: !fourEyes });
      }}
    >
      <Stack>
        <Radio.Group label="Risk" value={risk} onChange={chooseRisk}>
          <Stack gap="xs" mt={6}>
            <Radio
              value="low"
              label="Low"
              description="Responders can be allowed to approve it, such as whoever is on call"
            />
            <Radio
              value="high"
              label="High"
              description="Only engineers, administrators and the people named below approve it"
            />
          </Stack>
        </Radio.Group>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <PermitFields legend="Who may run it" permit={run} change={setRun} error={errorOf('run')} />
          <PermitFields
            legend="Who may approve it"
            permit={approve}
            change={setApprove}
            highRisk={risk === 'high'}
            error={errorOf('approve')}
          />
        </SimpleGrid>
        <Switch
          label="Four eyes: a second person approves"
          description="Every run that a person starts waits until somebody else has approved it"
          checked={fourEyes}
          onChange={(event) => setFourEyes(event.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed">
          A run starts at once for whoever could approve it; everybody else’s waits for approval. What a rule
          or schedule starts waits only where the rule or the runbook (“approval: required”) asks for
          approval.
        </Text>
        <FormError error={save.error} shown={['run.role', 'run.users', 'approve.role', 'approve.users']} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save access
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
