import type { TargetDto, TargetTestResult } from '@aiops/contracts';
import { Alert, Anchor, Button, Code, Drawer, Group, List, Paper, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMay } from '../../shared/api/session';
import { useLive } from '../../shared/live/live';
import { Mark } from '../../shared/ui/badges';
import { confirmAction } from '../../shared/ui/confirm';
import { LabelChips } from '../../shared/ui/labels';
import { notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { ErrorState, Loading } from '../../shared/ui/states';
import { HostKeys } from './host-keys';
import { deleteTarget, targetDetail, targetsKey, testTarget } from './queries';
import { TargetForm } from './target-form';
import { TargetState } from './target-state';

const route = getRouteApi('/targets/$id');

export function TargetPage() {
  const { id } = route.useParams();
  const queries = useQueryClient();
  const { data: target, error, refetch, isPending } = useQuery(targetDetail(id));
  useLive('target.updated', ({ target_id }) => {
    if (target_id === id) void queries.invalidateQueries({ queryKey: targetsKey });
  });
  if (error !== null) return <ErrorState what="The target" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the target" />;
  return <TargetView target={target} />;
}

function TargetView({ target }: { target: TargetDto }) {
  const queries = useQueryClient();
  const may = useMay('engineer');
  const [editing, drawer] = useDisclosure(false);
  const check = useMutation({
    mutationFn: () => testTarget(target.id),
    onError: (error) => notifyError('The check could not be made', error),
    onSettled: () => queries.invalidateQueries({ queryKey: targetsKey }),
  });
  return (
    <Page
      title={target.name}
      tabTitle={target.name}
      actions={
        may && (
          <>
            <Button loading={check.isPending} onClick={() => check.mutate()}>
              Check connection
            </Button>
            <Button variant="default" onClick={drawer.open}>
              Edit
            </Button>
            <DeleteButton target={target} />
          </>
        )
      }
    >
      <Group gap="sm">
        <Anchor component={Link} to="/targets" size="sm">
          ‹ Targets
        </Anchor>
        <TargetState target={target} />
        <Code>
          {target.username === null ? '' : `${target.username}@`}
          {target.host}:{target.port}
        </Code>
        <LabelChips labels={target.labels} />
      </Group>
      {target.last_error !== null && target.host_key_status !== 'changed' && (
        <Alert
          variant="outline"
          color="gray"
          title="The last contact failed"
          style={{ overflowWrap: 'anywhere' }}
        >
          {target.last_error}
        </Alert>
      )}
      <CheckResult result={check.data} />
      {target.kind === 'ssh' && <HostKeys target={target} />}
      <Drawer
        opened={editing}
        onClose={drawer.close}
        position="right"
        size="md"
        title={`Edit ${target.name}`}
      >
        {editing && <TargetForm target={target} done={drawer.close} />}
      </Drawer>
    </Page>
  );
}

function DeleteButton({ target }: { target: TargetDto }) {
  const navigate = useNavigate();
  const erase = useMutation({
    mutationFn: () => deleteTarget(target.id),
    onSuccess: () => void navigate({ to: '/targets' }),
    onError: (error) => notifyError('The target was not deleted', error),
  });
  const ask = (): void =>
    confirmAction({
      title: `Delete ${target.name}?`,
      text: 'Runbooks can act there no more. Its accepted host keys are forgotten; past executions stay.',
      verb: 'Delete target',
      onConfirm: () => erase.mutate(),
    });
  return (
    <Button variant="subtle" color="gray" onClick={ask}>
      Delete
    </Button>
  );
}

const stageWords = {
  resolve: 'Name',
  connect: 'Port',
  host_key: 'Host key',
  login: 'Sign-in',
  command: 'Command',
} as const;

function CheckResult({ result }: { result: TargetTestResult | undefined }) {
  if (result === undefined) return null;
  return (
    <Paper withBorder p="md" aria-live="polite">
      <Title order={2} size="h3" mb="xs">
        Connection check
      </Title>
      <List listStyleType="none" spacing={4}>
        {result.stages.map((stage) => (
          <List.Item key={stage.name}>
            <Mark
              icon={stage.ok ? '✓' : '✕'}
              word={stageWords[stage.name]}
              meaning={stage.ok ? 'good' : 'failed'}
            />{' '}
            <Text span size="sm">
              {stage.message}
            </Text>
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
