import type { RunbookDto } from '@aiops/contracts';
import { Alert, Anchor, Button, Group, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { RunRunbookDialog } from '../../shared/run/run-runbook-dialog';
import { confirmAction } from '../../shared/ui/confirm';
import { notifyDone, notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { ErrorState, Loading } from '../../shared/ui/states';
import { TabStrip } from '../../shared/ui/tab-strip';
import { Age } from '../../shared/ui/time';
import { deleteRunbook, runbookDetail, runbooksKey, saveRunbook, switchRunbook, templates } from './queries';
import { RunbookAccessPanel } from './runbook-access-panel';
import { RunbookEditor } from './runbook-editor';
import { RunbookRuns } from './runbook-runs';
import { RunbookState } from './runbooks-page';
import { RunbookVersions } from './runbook-versions';

const blank = `name: my-runbook
description: What it mends, in one sentence
category: service-recovery

trigger:
  alert_name: ServiceDown

targets:
  from_label: instance

safety:
  cooldown: 10m

steps:
  - name: First step
    command: "true"

verify:
  - alert_resolved_within: 5m
`;

export function NewRunbookPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const search: { template?: string } = useSearch({ strict: false });
  const { data, isPending } = useQuery(templates);
  const save = useMutation({
    mutationFn: (yaml: string) => saveRunbook(null, yaml),
    onSuccess: async (runbook) => {
      await queries.invalidateQueries({ queryKey: runbooksKey });
      void navigate({ to: '/runbooks/$id', params: { id: runbook.id } });
    },
  });
  if (search.template !== undefined && isPending) return <Loading what="the template" />;
  const start = data?.data.find((template) => template.name === search.template)?.yaml ?? blank;
  return (
    <Page title="New runbook" tabTitle="New runbook">
      <Anchor component={Link} to="/runbooks" size="sm">
        ‹ Runbooks
      </Anchor>
      <RunbookEditor draftKey={`new:${search.template ?? ''}`} saved={start} isNew save={save} />
    </Page>
  );
}

export function RunbookPage() {
  const { id } = useParams({ from: '/runbooks/$id' });
  const { data, error, refetch, isPending } = useQuery(runbookDetail(id));
  if (error !== null) return <ErrorState what="The runbook" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the runbook" />;
  return <RunbookView runbook={data} />;
}

function RunbookView({ runbook }: { runbook: RunbookDto }) {
  const queries = useQueryClient();
  const [running, dialog] = useDisclosure(false);
  const [tab, setTab] = useState<string | null>('edit');
  const engineer = useMay('engineer');
  const responder = useMay('responder');
  const save = useMutation({
    mutationFn: (yaml: string) => saveRunbook(runbook.id, yaml),
    onSuccess: async (saved) => {
      queries.setQueryData(runbookDetail(runbook.id).queryKey, saved);
      notifyDone(
        saved.version === runbook.version
          ? 'Nothing changed: no new version.'
          : `Saved as version ${saved.version}.`,
      );
      await queries.invalidateQueries({ queryKey: runbooksKey });
    },
  });
  return (
    <Page
      title={runbook.name}
      tabTitle={runbook.name}
      actions={
        <>
          {responder && runbook.enabled && (
            <Button variant="default" onClick={dialog.open}>
              Run…
            </Button>
          )}
          {engineer && <SwitchButton runbook={runbook} />}
          {engineer && <DeleteButton runbook={runbook} />}
        </>
      }
    >
      <Group gap="sm">
        <Anchor component={Link} to="/runbooks" size="sm">
          ‹ Runbooks
        </Anchor>
        <RunbookState runbook={runbook} />
        <Text size="sm" c="dimmed">
          v{runbook.version} · changed <Age at={runbook.updated_at} suffix=" ago" />
        </Text>
      </Group>
      {runbook.breaker.state === 'open' && (
        <Alert variant="outline" color="gray" title="Rules do not run it for now">
          It failed {runbook.breaker.failures} times in a row.{' '}
          {runbook.breaker.retry_at !== null && (
            <>
              One trial is let through after {new Date(runbook.breaker.retry_at).toLocaleTimeString()}; its
              success ends the pause.
            </>
          )}
        </Alert>
      )}
      {!runbook.enabled && (
        <Alert variant="outline" color="gray" title="Switched off">
          Nobody can run it, and rules that name it run nothing. Executions that have begun go on.
        </Alert>
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <TabStrip chosen={tab}>
          <Tabs.Tab value="edit">{engineer ? 'Edit' : 'YAML'}</Tabs.Tab>
          <Tabs.Tab value="versions">Versions ({runbook.version})</Tabs.Tab>
          <Tabs.Tab value="access">Access</Tabs.Tab>
          <Tabs.Tab value="runs">Runs ({runbook.stats.runs})</Tabs.Tab>
        </TabStrip>
        <Tabs.Panel value="edit" pt="md">
          <RunbookEditor
            key={runbook.version}
            draftKey={`${runbook.id}:${runbook.version}`}
            saved={runbook.yaml}
            isNew={false}
            save={save}
            readOnly={!engineer}
          />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="md">
          <RunbookVersions runbook={runbook} restore={engineer ? (yaml) => save.mutate(yaml) : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="access" pt="md">
          <RunbookAccessPanel runbook={runbook} />
        </Tabs.Panel>
        <Tabs.Panel value="runs" pt="md">
          <RunbookRuns runbookId={runbook.id} />
        </Tabs.Panel>
      </Tabs>
      <RunRunbookDialog opened={running} close={dialog.close} runbookId={runbook.id} />
    </Page>
  );
}

function SwitchButton({ runbook }: { runbook: RunbookDto }) {
  const queries = useQueryClient();
  const turn = useMutation({
    mutationFn: () => switchRunbook(runbook.id, !runbook.enabled),
    onSuccess: (changed) => queries.setQueryData(runbookDetail(runbook.id).queryKey, changed),
    onError: (error) => notifyError('Nothing was changed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: runbooksKey }),
  });
  return (
    <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate()}>
      {runbook.enabled ? 'Switch off' : 'Switch on'}
    </Button>
  );
}

function DeleteButton({ runbook }: { runbook: RunbookDto }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: () => deleteRunbook(runbook.id),
    onSuccess: async () => {
      void navigate({ to: '/runbooks' });
      await queries.invalidateQueries({ queryKey: runbooksKey });
    },
    onError: (error) => notifyError('The runbook was not deleted', error),
  });
  const ask = (): void =>
    confirmAction({
      title: `Delete ${runbook.name}?`,
      text: 'It can be run no more, and rules that name it run nothing. Its past executions stay.',
      verb: 'Delete runbook',
      onConfirm: () => erase.mutate(),
    });
  return (
    <Button variant="subtle" color="gray" onClick={ask}>
      Delete
    </Button>
  );
}
