import type { RuleDto, RuleInput, RuleTestResult } from '@aiops/contracts';
import { Button, Group, NumberInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import { useMay } from '../../shared/api/session';
import { confirmAction } from '../../shared/ui/confirm';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { notifyError } from '../../shared/ui/notify';
import { MatcherFields } from './matcher-fields';
import { deleteRule, rulesKey, runbookNames, saveRule, testRule } from './queries';
import { actionChoices, blankRule, inputOf, trialKey } from './rule-words';

/** One rule: when, then, and what it would have done with the alerts that are stored. */
export function RuleForm({ rule, done }: { rule: RuleDto | null; done(): void }) {
  const queries = useQueryClient();
  const may = useMay('engineer');
  const { data: runbooks } = useQuery(runbookNames);
  const [input, setInput] = useState<RuleInput>(rule === null ? blankRule : inputOf(rule));
  const [tried, setTried] = useState(rule === null ? '' : trialKey(inputOf(rule)));
  const set = (change: Partial<RuleInput>): void => setInput((before) => ({ ...before, ...change }));
  const finish = (): void => {
    void queries.invalidateQueries({ queryKey: rulesKey });
    done();
  };
  const save = useMutation({ mutationFn: () => saveRule(rule?.id ?? null, input), onSuccess: finish });
  const trial = useMutation({
    mutationFn: () => testRule(input),
    onSuccess: () => setTried(trialKey(input)),
  });
  const erase = useMutation({
    mutationFn: () => deleteRule(rule?.id ?? ''),
    onSuccess: finish,
    onError: (error) => notifyError('The rule was not deleted', error),
  });
  const needsRunbook = input.action === 'approve' || input.action === 'auto';
  const needsTrial = input.action === 'auto' && input.enabled && tried !== trialKey(input);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          required
          value={input.name}
          error={fieldError(save.error, 'name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="What it is for"
          value={input.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <MatcherFields
          matchers={input.matchers}
          change={(matchers) => set({ matchers })}
          error={save.error ?? trial.error}
        />
        <Select
          label="Then"
          data={actionChoices}
          allowDeselect={false}
          value={input.action}
          onChange={(value) =>
            set({ action: actionChoices.find((choice) => choice.value === value)?.value ?? 'suggest' })
          }
        />
        {input.action !== 'ignore' && input.action !== 'observe' && (
          <Select
            label={needsRunbook ? 'Runbook' : 'Runbook (empty: the best that matches)'}
            searchable
            clearable
            required={needsRunbook}
            data={(runbooks?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={input.runbook_id}
            error={fieldError(save.error, 'runbook_id')}
            onChange={(runbook_id) => set({ runbook_id })}
          />
        )}
        <NumberInput
          label="Priority"
          description="Lower numbers are tried first"
          min={0}
          max={100000}
          value={input.priority}
          onChange={(value) => set({ priority: Number(value) })}
        />
        <Switch
          label="On"
          checked={input.enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
        <FormError error={save.error} shown={['name', 'runbook_id']} />
        <Trial result={trial.data} />
        {needsTrial && (
          <Text size="sm" c="dimmed">
            This rule would run by itself. Try it on the stored alerts before it is saved.
          </Text>
        )}
        <Group justify="space-between">
          <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
            Try on stored alerts
          </Button>
          <Group gap="xs">
            {rule !== null && may && (
              <Button
                variant="subtle"
                color="gray"
                onClick={() =>
                  confirmAction({
                    title: `Delete the rule "${rule.name}"?`,
                    text: 'Alerts that it would match are decided by the next rule from now on.',
                    verb: 'Delete rule',
                    onConfirm: () => erase.mutate(),
                  })
                }
              >
                Delete
              </Button>
            )}
            <Button type="submit" loading={save.isPending} disabled={!may || needsTrial}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function Trial({ result }: { result: RuleTestResult | undefined }) {
  if (result === undefined) return null;
  const refused = result.matched.filter((match) => match.trigger_matches === false);
  return (
    <Stack gap={4} aria-live="polite">
      <Text size="sm" fw={600}>
        Would match {result.matched.length} of the last {result.tested} alerts
        {refused.length > 0 ? `; the runbook’s own trigger refuses ${refused.length} of them now` : ''}.
      </Text>
      {result.matched.slice(0, 5).map((match) => (
        <Text key={match.alert_id} size="xs" c="dimmed">
          {match.alert_name} · {new Date(match.starts_at).toLocaleString()}{' '}
          {match.trigger_matches === false ? `· ${match.reasons.at(-1) ?? ''}` : ''}
        </Text>
      ))}
    </Stack>
  );
}
