import { Injectable } from '@nestjs/common';
import type { RunbookAccessDto, RunbookAccessInput } from '@aiops/contracts';
import { UserReader, type PersonInfo } from '../../auth/index.js';
import {
  audited,
  AuditLog,
  Clock,
  DatabaseSession,
  roleSuffices,
  UserError,
  type Actor,
} from '../../platform/index.js';
import { RunbookRepository } from '../definition/runbook.repository.js';
import {
  faultsOf,
  isApprover,
  mayRun,
  mustAsk,
  whyNotChange,
  type Permit,
  type RunbookAccess,
} from './access-rules.js';
import { mayNotChange } from './access-words.js';
import { RunbookAccessReader } from './runbook-access.reader.js';
import { RunbookAccessRepository } from './runbook-access.repository.js';

const auditedAccess = audited<RunbookAccess & { id: string; name: string }>()({
  kind: 'runbook',
  name: ({ name }) => name,
  fields: ['risk', 'run', 'approve', 'selfApproval'],
});

/** Who may run and approve a runbook: looking at it, and setting it. */
@Injectable()
export class RunbookAccessService {
  constructor(
    private readonly reader: RunbookAccessReader,
    private readonly repository: RunbookAccessRepository,
    private readonly runbooks: RunbookRepository,
    private readonly users: UserReader,
    private readonly session: DatabaseSession,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** As it is, and what it means for who looks. @throws UserError `not_found` */
  async view(runbookId: string, actor: Actor): Promise<RunbookAccessDto> {
    const { record, access, set } = await this.reader.of(runbookId);
    if (record.deletedAt !== null) throw UserError.notFound('runbook', runbookId);
    const people = await this.users.byIds([...access.run.userIds, ...access.approve.userIds]);
    return {
      risk: access.risk,
      run: shown(access.run, people),
      approve: shown(access.approve, people),
      self_approval: access.selfApproval,
      is_default: set === null,
      who_may_run: await this.reader.who(access.run),
      who_may_approve: await this.reader.who(access.approve),
      you: {
        may_run: mayRun(access, actor) && roleSuffices(actor.role, 'responder'),
        must_ask: mustAsk(access, actor),
        may_approve: isApprover(access, actor) && roleSuffices(actor.role, 'responder'),
      },
      updated_by: set?.updatedBy ?? null,
      updated_at: set?.updatedAt.toISOString() ?? null,
    };
  }

  /** @throws UserError `validation`, `forbidden` for who may not loosen what is set */
  async set(runbookId: string, input: RunbookAccessInput, actor: Actor): Promise<RunbookAccessDto> {
    const after = await this.resolve(input);
    await this.session.transaction(async () => {
      // Nobody else changes it between what is looked at here and what is stored.
      await this.runbooks.lock(runbookId);
      const { record, access: before } = await this.reader.of(runbookId);
      if (record.deletedAt !== null) throw UserError.notFound('runbook', runbookId);
      const refusal = whyNotChange(before, after, actor);
      if (refusal !== null) throw mayNotChange(refusal, record.name, await this.reader.who(before.approve));
      await this.repository.save(runbookId, {
        ...after,
        updatedBy: actor.name,
        updatedAt: this.clock.now(),
      });
      const { id, name } = record;
      await this.audit.record({
        action: 'runbook.access_changed',
        ...auditedAccess.changed({ id, name, ...before }, { id, name, ...after }),
      });
    });
    return this.view(runbookId, actor);
  }

  private async resolve(input: RunbookAccessInput): Promise<RunbookAccess> {
    const names = [
      ...new Set([...input.run.users, ...input.approve.users].map((name) => name.toLowerCase())),
    ];
    const people = new Map((await this.users.byUsernames(names)).map((person) => [person.username, person]));
    const permit = (field: 'run' | 'approve'): Permit => ({
      role: input[field].role,
      userIds: [...new Set(input[field].users.map((name) => idOf(name, people, field)))],
    });
    const access: RunbookAccess = {
      risk: input.risk,
      run: permit('run'),
      approve: permit('approve'),
      selfApproval: input.self_approval,
    };
    const [first, ...others] = faultsOf(access);
    if (first !== undefined) throw new UserError('validation', `${first.message}.`, [first, ...others]);
    return access;
  }
}

function idOf(name: string, people: Map<string, PersonInfo>, field: string): string {
  const person = people.get(name.toLowerCase());
  const invalid = (message: string): UserError => UserError.invalid(`${field}.users`, message);
  if (person === undefined) throw invalid(`There is no person with the user name "${name}"`);
  if (!roleSuffices(person.role, 'responder'))
    throw invalid(`${name} is a viewer, and viewers run and approve nothing`);
  return person.id;
}

const shown = ({ role, userIds }: Permit, people: PersonInfo[]) => ({
  role,
  users: people
    .filter(({ id }) => userIds.includes(id))
    .map(({ username }) => username)
    .sort(),
});
