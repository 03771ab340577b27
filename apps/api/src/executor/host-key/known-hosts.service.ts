import { Injectable } from '@nestjs/common';
import type { KnownHostRuleInput, KnownHostsAction, KnownHostsPlanDto, ListQuery } from '@aiops/contracts';
import { knownHostsActionSchema } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  newId,
  UserError,
  type Actor,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { TargetRepository, type Target } from '../target/target.repository.js';
import { HostKeyRepository } from './host-key.repository.js';
import { HostKeyService } from './host-key.service.js';
import { hostsFlaw } from './host-patterns.js';
import { KnownHostRuleRepository, type StoredRule } from './known-host-rule.repository.js';
import { planKnownHosts, rulesOf, type PlannedLine } from './known-hosts-plan.js';
import { parseKnownHosts, type KnownHostsLine } from './known-hosts.js';
import { keyLine, readKeyLine, type PublicKey } from './public-key.js';
import { WireError } from './wire.js';

/** A hashed name costs one digest for each name of a target, and nobody else is served meanwhile. */
const MOST_DIGESTS = 500_000;

/** Rules for hosts by pattern, and files of them. */
@Injectable()
export class KnownHosts {
  constructor(
    private readonly rules: KnownHostRuleRepository,
    private readonly keys: HostKeyRepository,
    private readonly targets: TargetRepository,
    private readonly hostKeys: HostKeyService,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  list(query: ListQuery & Reads): Promise<Page<Sparse<StoredRule>>> {
    return this.rules.list(query);
  }

  @Transactional()
  async add(input: KnownHostRuleInput, actor: Actor): Promise<StoredRule> {
    const flaw = hostsFlaw(input.hosts);
    if (flaw !== null) throw UserError.invalid('hosts', `This cannot be used: ${flaw}`);
    const [type = '', base64 = '', ...comment] = input.public_key.trim().split(/\s+/);
    const rule = this.newRule(input.kind, input.hosts, keyIn(type, base64), comment.join(' '), actor);
    await this.refuseRevoked(rule);
    if (!(await this.store(rule, actor))) {
      throw new UserError('conflict', 'There is already a rule for these hosts and this key.');
    }
    return rule;
  }

  /** What an authority vouched for waits to be looked at again; what was revoked stays so until a person accepts it. */
  @Transactional()
  async remove(id: string): Promise<void> {
    const rule = await this.rules.find(id);
    if (rule === null) throw UserError.notFound('known host rule', id);
    await this.rules.remove(id);
    await this.audit.record({ action: 'known_host_rule.removed', ...auditedRule.removed(rule) });
    if (rule.kind === 'certificate_authority') await this.keys.uncertify(rule.fingerprint);
  }

  async preview(content: string): Promise<KnownHostsPlanDto> {
    return toDto((await this.plan(content)).planned);
  }

  /** Does what the preview says, all of it or nothing; lines that cannot be used are left out and said. */
  @Transactional()
  async import(content: string, actor: Actor): Promise<KnownHostsPlanDto> {
    const { lines, planned, targets } = await this.plan(content);
    const byId = new Map(targets.map((target) => [target.id, target]));
    for (const [index, line] of lines.entries()) {
      const plan = planned[index];
      if (line.kind !== 'entry' || plan === undefined) continue;
      if (plan.action === 'pin') await this.pin(line.key, plan, byId, actor);
      if (plan.action === 'trust_authority' || plan.action === 'revoke') {
        for (const { kind, hosts } of rulesOf(line)) {
          await this.store(this.newRule(kind, hosts, line.key, line.comment, actor), actor);
        }
      }
    }
    return toDto(planned);
  }

  private async plan(content: string) {
    const lines = parseKnownHosts(content);
    const targets = (await this.targets.all()).filter(({ kind }) => kind === 'ssh');
    refuseTooMuch(lines, targets);
    const [keys, rules] = [await this.keys.of(targets.map(({ id }) => id)), await this.rules.all()];
    return { lines, targets, planned: planKnownHosts(lines, { targets, keys, rules }) };
  }

  private async pin(
    key: PublicKey,
    plan: PlannedLine,
    targets: Map<string, Target>,
    actor: Actor,
  ): Promise<void> {
    const { fingerprint, algorithm } = key;
    for (const { id, effect } of plan.targets) {
      const target = targets.get(id);
      if (effect !== 'pin' || target === undefined) continue;
      await this.hostKeys.trust(
        target,
        { fingerprint, algorithm, publicKey: keyLine(key) },
        'imported',
        actor,
      );
    }
  }

  private newRule(
    kind: StoredRule['kind'],
    hosts: string,
    key: PublicKey,
    comment: string,
    actor: Actor,
  ): StoredRule {
    return {
      id: newId(),
      kind,
      hosts,
      algorithm: key.algorithm,
      fingerprint: key.fingerprint,
      publicKey: keyLine(key),
      comment: comment.slice(0, 500),
      createdBy: actor.name,
      createdAt: this.clock.now(),
    };
  }

  private async store(rule: StoredRule, actor: Actor): Promise<boolean> {
    if (!(await this.rules.add(rule))) return false;
    await this.audit.record({ action: 'known_host_rule.created', ...auditedRule.made(rule) });
    if (rule.kind === 'revoked') await this.hostKeys.revokeBanned(rule.fingerprint, actor);
    return true;
  }

  private async refuseRevoked(rule: StoredRule): Promise<void> {
    if (rule.kind === 'revoked') return;
    const banned = (await this.rules.all()).some(
      ({ kind, fingerprint }) => kind === 'revoked' && fingerprint === rule.fingerprint,
    );
    if (banned)
      throw new UserError('conflict', 'This key is revoked by another rule. Remove that one first.');
  }
}

const auditedRule = audited<StoredRule>()({
  kind: 'known_host_rule',
  name: (rule) => `${rule.kind} ${rule.fingerprint}`,
  fields: ['kind', 'hosts', 'algorithm', 'fingerprint', 'comment'],
});

function toDto(lines: PlannedLine[]): KnownHostsPlanDto {
  const count = (action: KnownHostsAction): number => lines.filter((line) => line.action === action).length;
  const counts = Object.fromEntries(knownHostsActionSchema.options.map((action) => [action, count(action)]));
  return { counts: counts as Record<KnownHostsAction, number>, lines };
}

function refuseTooMuch(lines: readonly KnownHostsLine[], targets: readonly Target[]): void {
  const hashed = lines.filter((line) => line.kind === 'entry' && line.hosts.startsWith('|')).length;
  // At most two names each: with the port and without.
  if (hashed * targets.length * 2 <= MOST_DIGESTS) return;
  throw UserError.invalid(
    'content',
    `${hashed} hashed names are too many for ${targets.length} targets at once. Import the file in parts.`,
  );
}

function keyIn(type: string, base64: string): PublicKey {
  try {
    return readKeyLine(type, base64);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw UserError.invalid('public_key', `This cannot be used: ${error.message}`);
  }
}
