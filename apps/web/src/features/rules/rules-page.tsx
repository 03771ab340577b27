import type { RuleDto } from '@aiops/contracts';
import { Button, Drawer, Paper, Switch, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { notifyError } from '../../shared/ui/notify';
import { Page } from '../../shared/ui/page';
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { ruleList, rulesKey, runbookNames, saveRule } from './queries';
import { RuleForm } from './rule-form';
import { actionWords, inputOf, whenText } from './rule-words';

/** The rules in the order in which they are tried: the first that matches decides. */
export function RulesPage() {
  const { data, error, refetch, isPending } = useQuery(ruleList);
  const [edited, setEdited] = useState<RuleDto | 'new' | null>(null);
  const may = useMay('engineer');
  const rules = data?.data ?? [];
  const newRule = may && <Button onClick={() => setEdited('new')}>New rule</Button>;
  return (
    <Page title="Rules" tabTitle="Rules" actions={rules.length > 0 && newRule}>
      <Text c="dimmed" size="sm">
        Tried from top to bottom; the first rule that matches an alert decides. An alert that no rule matches
        is analysed, and a matching runbook is only suggested.
      </Text>
      {error !== null && <ErrorState what="Rules" error={error} retry={() => void refetch()} />}
      {isPending && error === null && <Loading what="rules" />}
      {data !== undefined && rules.length === 0 && (
        <EmptyState title="No rules yet" action={newRule}>
          A rule says which alerts are ignored, watched, shown with a runbook, prepared for approval or
          remediated by themselves.
        </EmptyState>
      )}
      {rules.length > 0 && <RuleTable rules={rules} open={setEdited} />}
      <Drawer
        opened={edited !== null}
        onClose={() => setEdited(null)}
        position="right"
        size="lg"
        title={edited === 'new' ? 'New rule' : 'Rule'}
      >
        {edited !== null && <RuleForm rule={edited === 'new' ? null : edited} done={() => setEdited(null)} />}
      </Drawer>
    </Page>
  );
}

function RuleTable({ rules, open }: { rules: RuleDto[]; open(rule: RuleDto): void }) {
  const { data: runbooks } = useQuery(runbookNames);
  const nameOf = (id: string | null): string =>
    runbooks?.data.find((runbook) => runbook.id === id)?.name ?? '';
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>On</Table.Th>
            <Table.Th ta="right">Priority</Table.Th>
            <Table.Th>Rule</Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th>Then</Table.Th>
            <Table.Th>Last match</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule) => (
            <Table.Tr key={rule.id} className="row" onClick={() => open(rule)}>
              <Table.Td onClick={(event) => event.stopPropagation()}>
                <OnSwitch rule={rule} />
              </Table.Td>
              <Table.Td ta="right">{rule.priority}</Table.Td>
              <Table.Td>
                <Button
                  variant="transparent"
                  size="compact-sm"
                  px={0}
                  color="var(--mantine-color-text)"
                  onClick={() => open(rule)}
                >
                  {rule.name}
                </Button>
              </Table.Td>
              <Table.Td className="code">{whenText(rule.matchers)}</Table.Td>
              <Table.Td>
                {actionWords[rule.action]} {nameOf(rule.runbook_id)}
              </Table.Td>
              <Table.Td>
                {rule.last_matched_at === null ? '—' : <Age at={rule.last_matched_at} suffix=" ago" />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function OnSwitch({ rule }: { rule: RuleDto }) {
  const queries = useQueryClient();
  const may = useMay('engineer');
  const change = useMutation({
    mutationFn: (enabled: boolean) => saveRule(rule.id, { ...inputOf(rule), enabled }),
    onError: (error) => notifyError(`"${rule.name}" was not changed`, error),
    onSettled: () => queries.invalidateQueries({ queryKey: rulesKey }),
  });
  return (
    <Switch
      size="sm"
      aria-label={`${rule.name} is on`}
      checked={rule.enabled}
      disabled={!may || change.isPending}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}
