import { Injectable } from '@nestjs/common';
import type { ListQuery } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import {
  audited,
  AuditLog,
  Clock,
  EventBus,
  newId,
  UserError,
  type Actor,
  type Page,
  type Reads,
  type Sparse,
} from '../../platform/index.js';
import { TargetRepository, type Target } from '../target/target.repository.js';
import { banOf, hostKeyStatus } from './host-key.js';
import { HostKeyRepository, type HostKey } from './host-key.repository.js';
import { KnownHostRuleRepository } from './known-host-rule.repository.js';
import { readPin, type Pin } from './pin.js';
import { WireError } from './wire.js';

/** What people decide about host keys: nobody and nothing else accepts one. */
@Injectable()
export class HostKeyService {
  constructor(
    private readonly keys: HostKeyRepository,
    private readonly rules: KnownHostRuleRepository,
    private readonly targets: TargetRepository,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  async list(targetId: string, query: ListQuery & Reads): Promise<Page<Sparse<HostKey>>> {
    if (!(await this.targets.exists(targetId))) throw UserError.notFound('target', targetId);
    return this.keys.list(targetId, query);
  }

  /** Trusts a key from now on; an accepted key of the same algorithm is revoked, for a host has one of each. */
  @Transactional()
  async accept(targetId: string, keyId: string, actor: Actor): Promise<HostKey> {
    const target = await this.target(targetId);
    const key = await this.get(targetId, keyId);
    await this.refuseBanned(key.fingerprint, target);
    const now = this.clock.now();
    const revoked = { status: 'revoked' as const, revokedBy: actor.name, revokedAt: now };
    for (const other of await this.keys.of([targetId])) {
      const rivals = other.algorithm === null || other.algorithm === key.algorithm;
      if (other.id === key.id || !rivals || other.status !== 'accepted') continue;
      await this.keys.save({ ...other, ...revoked });
      await this.note('revoked', other, { ...other, ...revoked }, actor);
    }
    const accepted = { ...key, ...acceptance(actor, now) };
    await this.note('accepted', key, accepted, actor);
    await this.store(accepted, target, actor, `accepted the host key ${key.fingerprint}`);
    return accepted;
  }

  /** Refuses a key from now on, whether it was trusted, or only offered. */
  @Transactional()
  async revoke(targetId: string, keyId: string, actor: Actor): Promise<HostKey> {
    const target = await this.target(targetId);
    const key = await this.get(targetId, keyId);
    const revoked: HostKey = {
      ...key,
      status: 'revoked',
      revokedBy: actor.name,
      revokedAt: this.clock.now(),
    };
    await this.note('revoked', key, revoked, actor);
    await this.store(revoked, target, actor, `refused the host key ${key.fingerprint}`);
    return revoked;
  }

  /** Trusts a key before its host has shown it. @throws UserError when the text is none, or the key was revoked. */
  @Transactional()
  async pin(targetId: string, text: string, actor: Actor): Promise<HostKey> {
    const target = await this.target(targetId);
    return this.trust(target, pinIn(text), 'pinned', actor);
  }

  /** Adds a key to those that a target trusts; the others stay, so that a new key can be made known before its time. */
  @Transactional()
  async trust(target: Target, pin: Pin, origin: 'pinned' | 'imported', actor: Actor): Promise<HostKey> {
    if (target.kind !== 'ssh') throw UserError.invalid('key', `${target.name} is not reached over SSH`);
    await this.refuseBanned(pin.fingerprint, target);
    const now = this.clock.now();
    const present = await this.keys.findByFingerprint(target.id, pin.fingerprint);
    if (present?.status === 'revoked') {
      throw new UserError(
        'conflict',
        `This key of ${target.name} was revoked. Accept it in the list of its host keys if it is good again.`,
      );
    }
    const key: HostKey = {
      ...(present ?? { ...unseen, id: newId(), targetId: target.id, origin, createdAt: now }),
      fingerprint: pin.fingerprint,
      algorithm: pin.algorithm ?? present?.algorithm ?? null,
      publicKey: pin.publicKey ?? present?.publicKey ?? null,
      ...(present?.status === 'accepted' ? accepted(present) : acceptance(actor, now)),
    };
    await this.note('pinned', present, key, actor);
    await this.store(key, target, actor, `pinned the host key ${pin.fingerprint}`);
    return key;
  }

  /** A rule revoked a key: the targets that it concerns and that know the key show so. */
  @Transactional()
  async revokeBanned(fingerprint: string, actor: Actor): Promise<void> {
    const rules = await this.rules.all();
    for (const key of await this.keys.withFingerprint(fingerprint)) {
      const target = await this.target(key.targetId);
      const banned = banOf({ fingerprint, certificate: null }, target, rules) !== undefined;
      if (banned && key.status !== 'revoked') await this.revoke(key.targetId, key.id, actor);
    }
  }

  private note(
    verb: 'accepted' | 'pinned' | 'revoked',
    before: HostKey | null,
    after: HostKey,
    actor: Actor,
  ): Promise<void> {
    return this.audit.record({ action: `host_key.${verb}`, ...auditedHostKey.stored(before, after), actor });
  }

  private async store(key: HostKey, target: Target, actor: Actor, summary: string): Promise<void> {
    await this.keys.save(key);
    await this.events.emit('target.changed.v1', { target_id: key.targetId });
    if (hostKeyStatus(await this.keys.of([key.targetId])) === 'changed') return;
    await this.events.emit('host_key.alarm.v1', {
      state: 'cleared',
      target_id: target.id,
      target_name: target.name,
      actor: { kind: actor.kind, id: actor.id, name: actor.name },
      summary,
    });
  }

  private async refuseBanned(fingerprint: string, target: Target): Promise<void> {
    const ban = banOf({ fingerprint, certificate: null }, target, await this.rules.all());
    if (ban === undefined) return;
    throw new UserError(
      'conflict',
      `This key is revoked for ${ban.hosts} under Targets › Known hosts. Remove that rule first if it is good again.`,
    );
  }

  private async target(id: string): Promise<Target> {
    const target = await this.targets.find(id);
    if (target === null) throw UserError.notFound('target', id);
    return target;
  }

  private async get(targetId: string, keyId: string): Promise<HostKey> {
    const key = await this.keys.find(targetId, keyId);
    if (key === null) throw UserError.notFound('host key', keyId);
    return key;
  }
}

const auditedHostKey = audited<HostKey>()({
  kind: 'host_key',
  name: ({ algorithm, fingerprint }) => (algorithm === null ? fingerprint : `${algorithm} ${fingerprint}`),
  fields: ['targetId', 'status', 'origin'],
});

const unseen = {
  certificate: null,
  firstSeenAt: null,
  lastSeenAt: null,
  revokedBy: null,
  revokedAt: null,
};

const acceptance = (actor: Actor, now: Date) => ({
  status: 'accepted' as const,
  acceptedBy: actor.name,
  acceptedAt: now,
  revokedBy: null,
  revokedAt: null,
});
const accepted = ({ acceptedBy, acceptedAt, revokedBy, revokedAt }: HostKey) => ({
  status: 'accepted' as const,
  acceptedBy,
  acceptedAt,
  revokedBy,
  revokedAt,
});

function pinIn(text: string): Pin {
  try {
    return readPin(text);
  } catch (error) {
    if (error instanceof WireError) throw UserError.invalid('key', `This cannot be used: ${error.message}`);
    throw error;
  }
}
