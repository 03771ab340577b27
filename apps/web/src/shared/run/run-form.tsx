import type { AlertDto, ExecutionDto, RunbookDto, TargetDto } from '@aiops/contracts';
import { Alert, Button, Code, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { parseRunbook, type ParameterDefinition, type Runbook } from '@aiops/runbook-format';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { beforeRun, nothingToSay, runbookAccess } from '../access/runbook-access';
import { ApiError, list, messageOf, post } from '../api/client';

export interface RunFormProps {
  close(): void;
  /** The alert that the run is for; its labels fill in parameters. */
  alert?: AlertDto;
  runbookId?: string | null;
}

const asOptions = (items: { id: string; name: string }[] | undefined) =>
  (items ?? []).map(({ id, name }) => ({ value: id, label: name }));

/** Choose, fill in, look at exactly what will run, then run it. */
export function RunForm({ close, alert, runbookId: suggested }: RunFormProps) {
  const navigate = useNavigate();
  const runbooks = useQuery({
    queryKey: ['runbooks', 'options'],
    queryFn: ({ signal }) => list<RunbookDto>('/runbooks', { page_size: 200, sort: 'name' }, signal),
  });
  const targets = useQuery({
    queryKey: ['targets', 'options'],
    queryFn: ({ signal }) => list<TargetDto>('/targets', { page_size: 200, sort: 'name' }, signal),
  });
  const [runbookId, setRunbookId] = useState<string | null>(suggested ?? null);
  const [targetIds, setTargetIds] = useState<string[]>([]);
  const [values, setValues] = useState<Record<string, string>>({});
  const chosen = runbooks.data?.data.find((runbook) => runbook.id === runbookId);
  const parsed = useMemo(() => (chosen === undefined ? null : parseRunbook(chosen.yaml).runbook), [chosen]);
  const access = useQuery(runbookAccess(runbookId));
  const permit =
    access.data === undefined || chosen === undefined
      ? nothingToSay
      : beforeRun(access.data, chosen.approval);
  const request = (dryRun: boolean) => ({
    alert_id: alert?.id,
    target_ids: targetIds.length > 0 ? targetIds : undefined,
    parameters: typedParameters(parsed, values),
    dry_run: dryRun,
  });
  const preview = useMutation({
    mutationFn: () => post<ExecutionDto>(`/runbooks/${runbookId ?? ''}/execute`, request(true)),
  });
  const run = useMutation({
    mutationFn: () => post<ExecutionDto>(`/runbooks/${runbookId ?? ''}/execute`, request(false)),
    onSuccess: (execution) => {
      close();
      void navigate({ to: '/executions/$id', params: { id: execution.id } });
    },
  });
  const change = (apply: () => void): void => {
    preview.reset();
    run.reset();
    apply();
  };
  const failure = run.error ?? preview.error;
  return (
    <Stack>
      <Select
        label="Runbook"
        searchable
        data={asOptions(runbooks.data?.data)}
        value={runbookId}
        onChange={(value) => change(() => setRunbookId(value))}
        placeholder="Choose one"
        nothingFoundMessage="No such runbook"
      />
      {chosen !== undefined && (
        <Text size="sm" c="dimmed">
          {chosen.description}
        </Text>
      )}
      {parsed !== null && (
        <>
          <MultiSelect
            label={targetsLabel(parsed, alert !== undefined)}
            searchable
            data={asOptions(targets.data?.data)}
            value={targetIds}
            onChange={(ids) => change(() => setTargetIds(ids))}
          />
          {parsed.parameters.map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              fromAlert={alert !== undefined && parameter.from !== null}
              value={values[parameter.name] ?? ''}
              change={(value) =>
                change(() => setValues((before) => ({ ...before, [parameter.name]: value })))
              }
            />
          ))}
        </>
      )}
      {permit.text !== null && (
        <Alert variant="outline" color="gray" title={permit.refused ? 'Not for you' : 'Waits for approval'}>
          {permit.text}
        </Alert>
      )}
      {failure !== null && <Failure error={failure} />}
      {preview.data !== undefined && <Plan execution={preview.data} />}
      <Group justify="flex-end">
        <Button variant="subtle" color="gray" onClick={close}>
          Cancel
        </Button>
        {preview.data === undefined ? (
          <Button
            disabled={runbookId === null || permit.refused}
            loading={preview.isPending}
            onClick={() => preview.mutate()}
          >
            Show what will run
          </Button>
        ) : (
          <Button loading={run.isPending} onClick={() => run.mutate()}>
            {permit.text === null ? 'Run' : 'Ask to run'} {chosen?.name}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** Without an alert there is no label of one to name a target. */
function targetsLabel({ targets }: Runbook, hasAlert: boolean): string {
  if (targets?.by === 'from_label')
    return hasAlert ? 'Targets (empty: the one that the alert names)' : 'Targets';
  return targets === null ? 'Targets' : 'Targets (empty: those that the runbook names)';
}

function ParameterField({
  parameter,
  fromAlert,
  value,
  change,
}: {
  parameter: ParameterDefinition;
  fromAlert: boolean;
  value: string;
  change(value: string): void;
}) {
  const fallback = parameter.default === null ? '' : String(parameter.default);
  const hint = fromAlert ? `Empty: taken from the alert (${parameter.from ?? ''})` : fallback;
  if (parameter.type === 'enum' || parameter.type === 'boolean') {
    const data = parameter.type === 'enum' ? parameter.values : ['true', 'false'];
    return (
      <Select
        label={parameter.name}
        description={parameter.description}
        data={data}
        value={value === '' ? null : value}
        onChange={(next) => change(next ?? '')}
        placeholder={hint}
        clearable
        required={parameter.required && hint === ''}
      />
    );
  }
  return (
    <TextInput
      label={parameter.name}
      description={parameter.description}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      placeholder={hint}
      required={parameter.required && hint === ''}
    />
  );
}

function Failure({ error }: { error: unknown }) {
  const fields = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return (
    <Alert variant="outline" color="gray" title="This cannot be run" role="alert">
      <Text size="sm">{messageOf(error)}</Text>
      {fields.map(({ field, message }) => (
        <Text key={field + message} size="sm">
          {field}: {message}
        </Text>
      ))}
    </Alert>
  );
}

function Plan({ execution }: { execution: ExecutionDto }) {
  const steps = execution.plan?.steps ?? [];
  return (
    <Stack gap="xs" aria-live="polite">
      <Text fw={600} size="sm">
        This will run
        {execution.targets.length > 0
          ? ` on ${execution.targets.map((target) => target.name).join(', ')}`
          : ''}
        :
      </Text>
      {steps.map((step, index) => (
        <div key={index}>
          <Text size="xs" c="dimmed">
            {step.phase === 'steps' ? '' : `${step.phase}: `}
            {step.name}
            {step.target === null ? '' : ` · ${step.target}`}
            {step.approval_required ? ' · waits for approval' : ''}
          </Text>
          <Code block>{step.command}</Code>
        </div>
      ))}
    </Stack>
  );
}

/** Form values as the types that the runbook declares; empty ones are left to the alert and the defaults. */
export function typedParameters(
  runbook: Runbook | null,
  values: Record<string, string>,
): Record<string, unknown> {
  const typed: Record<string, unknown> = {};
  for (const { name, type } of runbook?.parameters ?? []) {
    const text = values[name] ?? '';
    if (text !== '') typed[name] = typedValue(type, text);
  }
  return typed;
}

/** A number that is none stays text, so that the engine can name the field. */
function typedValue(type: ParameterDefinition['type'], text: string): string | number | boolean {
  if (type === 'boolean') return text === 'true';
  if ((type === 'integer' || type === 'number') && !Number.isNaN(Number(text))) return Number(text);
  return text;
}
