import { Injectable } from '@nestjs/common';
import type { ListQuery, Matcher, RuleInput } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  newId,
  UserError,
  type FieldError,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { RunbookReader } from '../../runbook/index.js';
import { compilePattern, PatternError } from './matchers.js';
import { RuleRepository, type Rule } from './rule.repository.js';

/** @throws UserError naming every matcher whose pattern is not valid. */
export function checkMatchers(matchers: readonly Matcher[]): void {
  const errors: FieldError[] = [];
  for (const [index, matcher] of matchers.entries()) {
    if (matcher.op !== '=~' && matcher.op !== '!~') continue;
    try {
      compilePattern(matcher.value);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      errors.push({ field: `matchers.${index}.value`, message: `Not a valid RE2 pattern: ${error.message}` });
    }
  }
  if (errors.length > 0) throw new UserError('validation', 'Some patterns are not valid.', errors);
}

/** Rules say per alert what is done; the first that matches decides. */
@Injectable()
export class RuleService {
  constructor(
    private readonly repository: RuleRepository,
    private readonly runbooks: RunbookReader,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<Rule>>> {
    return this.repository.list(query);
  }

  /** Of one rule what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads): Promise<Sparse<Rule>> {
    const found = await this.repository.read(id, reads);
    if (found === null) throw UserError.notFound('rule', id);
    return found;
  }

  async get(id: string): Promise<Rule> {
    const rule = await this.repository.find(id);
    if (rule === null) throw UserError.notFound('rule', id);
    return rule;
  }

  async create(input: RuleInput): Promise<Rule> {
    const now = this.clock.now();
    const rule = { id: newId(), lastMatchedAt: null, createdAt: now, updatedAt: now, ...fromInput(input) };
    return this.store(rule, null);
  }

  async replace(id: string, input: RuleInput): Promise<Rule> {
    const present = await this.get(id);
    return this.store({ ...present, ...fromInput(input), updatedAt: this.clock.now() }, present);
  }

  @Transactional()
  async remove(id: string): Promise<void> {
    const rule = await this.get(id);
    await this.repository.remove(id);
    await this.audit.record({ action: 'rule.removed', ...auditedRule.removed(rule) });
  }

  @Transactional()
  private async store(rule: Rule, before: Rule | null): Promise<Rule> {
    checkMatchers(rule.matchers);
    if (rule.runbookId === null && (rule.action === 'approve' || rule.action === 'auto')) {
      throw UserError.invalid('runbook_id', `The action "${rule.action}" needs a runbook`);
    }
    if (rule.runbookId !== null && !(await this.runbooks.exists(rule.runbookId))) {
      throw UserError.invalid('runbook_id', 'There is no such runbook');
    }
    const same = await this.repository.findByName(rule.name);
    if (same !== null && same.id !== rule.id) {
      throw new UserError('conflict', `There is already a rule called "${rule.name}".`);
    }
    await this.repository.save(rule);
    await this.audit.record({
      action: before === null ? 'rule.created' : 'rule.updated',
      ...auditedRule.stored(before, rule),
    });
    return rule;
  }
}

const auditedRule = audited<Rule>()({
  kind: 'rule',
  name: (rule) => rule.name,
  fields: ['name', 'description', 'enabled', 'priority', 'matchers', 'action', 'runbookId'],
});

function fromInput(input: RuleInput) {
  return {
    name: input.name,
    description: input.description,
    enabled: input.enabled,
    priority: input.priority,
    matchers: input.matchers,
    action: input.action,
    runbookId: input.runbook_id,
  };
}
