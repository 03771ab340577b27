import { Injectable } from '@nestjs/common';
import type { ListQuery, TargetDto, TargetInput } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Breakers,
  Clock,
  EventBus,
  newId,
  systemActor,
  UserError,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { CredentialRepository } from '../credential/credential.repository.js';
import { ExecutorRegistry } from '../executor.registry.js';
import { hostKeyStatus } from '../host-key/host-key.js';
import { HostKeyRepository } from '../host-key/host-key.repository.js';
import { targetBreaker } from './target-breaker.js';
import { TargetRepository, type Target } from './target.repository.js';

export type HostKeyStatus = TargetDto['host_key_status'];
/** A target and how its host keys stand. */
export type KnownTarget = Target & { hostKeyStatus: HostKeyStatus };

@Injectable()
export class TargetService {
  constructor(
    private readonly repository: TargetRepository,
    private readonly credentials: CredentialRepository,
    private readonly hostKeys: HostKeyRepository,
    private readonly executors: ExecutorRegistry,
    private readonly breakers: Breakers,
    private readonly events: EventBus,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async list(query: ListQuery & Reads): Promise<Page<Sparse<KnownTarget>>> {
    const page = await this.repository.list(query);
    return { ...page, items: await this.withKeys(page.items, query) };
  }

  /** Of one target what was asked for. @throws UserError `not_found` */
  async read(id: string, reads: Reads = {}): Promise<Sparse<KnownTarget>> {
    const found = await this.repository.read(id, reads);
    const [target] = found === null ? [] : await this.withKeys([found], reads);
    if (target === undefined) throw UserError.notFound('target', id);
    return target;
  }

  async get(id: string): Promise<Target> {
    const target = await this.repository.find(id);
    if (target === null) throw UserError.notFound('target', id);
    return target;
  }

  @Transactional()
  create(input: TargetInput): Promise<Target> {
    const now = this.clock.now();
    return this.store(
      { id: newId(), ...noContact, createdAt: now, updatedAt: now, ...fromInput(input) },
      null,
    );
  }

  /** Replaces a target; its host keys stay unless it now is another address. */
  @Transactional()
  async replace(id: string, input: TargetInput): Promise<Target> {
    const present = await this.get(id);
    const moved = present.host !== input.host || present.port !== input.port;
    if (moved) await this.forgetKeys(present, 'was given another address');
    const contact = moved ? noContact : {};
    const target = { ...present, ...contact, ...fromInput(input), updatedAt: this.clock.now() };
    await this.store(target, present);
    this.breakers.reset(targetBreaker(present));
    return target;
  }

  @Transactional()
  async remove(id: string): Promise<void> {
    const target = await this.get(id);
    await this.forgetKeys(target, 'was removed');
    await this.repository.remove(id);
    await this.audit.record({ action: 'target.removed', ...auditedTarget.removed(target) });
    await this.events.emit('target.changed.v1', { target_id: id });
    this.breakers.reset(targetBreaker(target));
  }

  private async withKeys(targets: Sparse<Target>[], { reads }: Reads): Promise<Sparse<KnownTarget>[]> {
    if (reads?.has('hostKeyStatus') === false) return targets;
    const keys = await this.hostKeys.of(targets.map(({ id }) => id));
    return targets.map((target) => ({
      ...target,
      hostKeyStatus: hostKeyStatus(keys.filter((key) => key.targetId === target.id)),
    }));
  }

  /** An alarm about a key that is forgotten is over. */
  private async forgetKeys({ id, name }: Target, why: string): Promise<void> {
    await this.hostKeys.removeOf(id);
    const { kind, name: by } = systemActor;
    await this.events.emit('host_key.alarm.v1', {
      state: 'cleared',
      target_id: id,
      target_name: name,
      actor: { kind, id: null, name: by },
      summary: `the target ${name} ${why}`,
    });
  }

  private async store(target: Target, before: Target | null): Promise<Target> {
    await this.review(target);
    const same = await this.repository.findByName(target.name);
    if (same !== null && same.id !== target.id) {
      throw new UserError('conflict', `There is already a target called "${target.name}".`);
    }
    await this.repository.save(target);
    await this.audit.record({
      action: before === null ? 'target.created' : 'target.updated',
      ...auditedTarget.stored(before, target),
    });
    await this.events.emit('target.changed.v1', { target_id: target.id });
    return target;
  }

  private async review(target: Target): Promise<void> {
    const executor = this.executors.find(target.kind);
    if (executor === null) {
      const known = this.executors.kinds.join(', ');
      throw UserError.invalid(
        'kind',
        `Targets of the kind ${target.kind} are not supported yet. Known: ${known}`,
      );
    }
    if (!/^[^\s/@]+$/.test(target.host)) {
      throw UserError.invalid('host', 'Give a host name or an address alone, without a user, scheme or path');
    }
    const credential = target.credentialId === null ? null : await this.credentials.find(target.credentialId);
    if (target.credentialId !== null && credential === null) {
      throw UserError.invalid('credential_id', 'There is no such credential');
    }
    const flaw = executor.review(target, credential?.kind ?? null);
    if (flaw !== null) throw UserError.invalid(flaw.field, flaw.message);
  }
}

/** What the audit log shows of a target. */
export const auditedTarget = audited<Target>()({
  kind: 'target',
  name: (target) => target.name,
  fields: ['name', 'kind', 'host', 'port', 'username', 'shell', 'labels', 'credentialId'],
});

const noContact = { reachable: null, lastSeenAt: null, lastError: null };

function fromInput(input: TargetInput) {
  return {
    name: input.name,
    kind: input.kind,
    host: input.host,
    port: input.port,
    username: input.username,
    shell: input.shell,
    labels: input.labels,
    credentialId: input.credential_id,
  };
}
