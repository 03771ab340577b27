import type { Matcher, RuleAction, RuleDto, RuleInput } from '@aiops/contracts';

export const actionWords: Record<RuleAction, string> = {
  ignore: 'ignore it',
  observe: 'watch it',
  suggest: 'suggest',
  approve: 'ask, then run',
  auto: 'run at once',
};

export const actionChoices: { value: RuleAction; label: string }[] = [
  { value: 'ignore', label: 'Ignore: no analysis, nothing is run' },
  { value: 'observe', label: 'Observe: analyse, run nothing' },
  { value: 'suggest', label: 'Suggest a runbook to a person' },
  { value: 'approve', label: 'Prepare a runbook and ask for approval' },
  { value: 'auto', label: 'Run a runbook automatically' },
];

/** A rule's conditions as one reads them. */
export const whenText = (matchers: Matcher[]): string =>
  matchers.map(({ name, op, value }) => `${name}${op}${value}`).join('  and  ');

export const blankRule: RuleInput = {
  name: '',
  description: '',
  enabled: true,
  priority: 100,
  matchers: [{ name: 'alertname', op: '=', value: '' }],
  action: 'suggest',
  runbook_id: null,
};

export const inputOf = ({
  name,
  description,
  enabled,
  priority,
  matchers,
  action,
  runbook_id,
}: RuleDto): RuleInput => ({
  name,
  description,
  enabled,
  priority,
  matchers,
  action,
  runbook_id,
});

/** Running by itself wants a trial on real alerts first; the trial counts for exactly these conditions. */
export const trialKey = (rule: RuleInput): string => JSON.stringify([rule.matchers, rule.runbook_id]);
