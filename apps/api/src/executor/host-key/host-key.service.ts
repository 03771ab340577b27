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
import { TargetRepository } from '../target/target.repository.js';
import { ConnectError } from '../errors.js';
import { judgeKey, type PresentedKey } from './host-key.js';
import { HostKeyRepository, type HostKey } from './host-key.repository.js';

interface KeyedTarget {
  id: string;
  name: string;
}

/** Which host keys are trusted. Only a person accepts one; a job never does. */
@Injectable()
export class HostKeyService {
  constructor(
    private readonly keys: HostKeyRepository,
    private readonly targets: TargetRepository,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  async list(targetId: string, query: ListQuery & Reads): Promise<Page<Sparse<HostKey>>> {
    if (!(await this.targets.exists(targetId))) throw UserError.notFound('target', targetId);
    return this.keys.list(targetId, query);
  }

  /** Algorithms of the keys that were accepted for a target. */
  async acceptedAlgorithms(targetId: string): Promise<string[]> {
    const keys = await this.keys.of([targetId]);
    return keys.filter((key) => key.status === 'accepted').map((key) => key.algorithm);
  }

  /** Records the key that a host presented. @returns null when it is trusted, else the reason to hang up. */
  @Transactional()
  async check(target: KeyedTarget, presented: PresentedKey): Promise<ConnectError | null> {
    const known = await this.keys.of([target.id]);
    const isNew = await this.record(target, presented);
    const verdict = judgeKey(presented.fingerprint, known);
    switch (verdict.kind) {
      case 'accepted':
        return null;
      case 'unknown':
        if (isNew) await this.events.emit('host_key.pending.v1', eventOf(target, presented));
        return unknownKey(target, presented);
      case 'revoked':
        return revokedKey(target, presented);
      case 'changed': {
        const known_fingerprint = verdict.known.join(', ');
        if (verdict.news) {
          await this.events.emit('host_key.changed.v1', {
            target_id: target.id,
            target_name: target.name,
            known_fingerprint,
            seen_fingerprint: presented.fingerprint,
          });
        }
        return changedKey(target, presented, known_fingerprint);
      }
    }
  }

  /** Trusts a key from now on; an accepted key of the same algorithm is revoked, for a host has one of each. */
  @Transactional()
  async accept(targetId: string, keyId: string, actor: Actor): Promise<HostKey> {
    const key = await this.get(targetId, keyId);
    const now = this.clock.now();
    const revoked = { status: 'revoked' as const, revokedBy: actor.name, revokedAt: now };
    for (const other of await this.keys.of([targetId])) {
      const replaced =
        other.id !== key.id && other.algorithm === key.algorithm && other.status === 'accepted';
      if (!replaced) continue;
      await this.keys.save({ ...other, ...revoked });
      await this.note('host_key.revoked', other, { ...other, ...revoked }, actor);
    }
    const accepted: HostKey = {
      ...key,
      status: 'accepted',
      acceptedBy: actor.name,
      acceptedAt: now,
      revokedBy: null,
      revokedAt: null,
    };
    await this.note('host_key.accepted', key, accepted, actor);
    return this.store(accepted);
  }

  @Transactional()
  async revoke(targetId: string, keyId: string, actor: Actor): Promise<HostKey> {
    const key = await this.get(targetId, keyId);
    const revoked: HostKey = {
      ...key,
      status: 'revoked',
      revokedBy: actor.name,
      revokedAt: this.clock.now(),
    };
    await this.note('host_key.revoked', key, revoked, actor);
    return this.store(revoked);
  }

  private async note(
    action: 'host_key.accepted' | 'host_key.revoked',
    before: HostKey,
    after: HostKey,
    actor: Actor,
  ): Promise<void> {
    await this.audit.record({ action, ...auditedHostKey.changed(before, after), actor });
  }

  private async store(key: HostKey): Promise<HostKey> {
    await this.keys.save(key);
    await this.events.emit('target.changed.v1', { target_id: key.targetId });
    return key;
  }

  /** @returns whether the host showed this key for the first time. */
  private async record(target: KeyedTarget, presented: PresentedKey): Promise<boolean> {
    const now = this.clock.now();
    const isNew = await this.keys.add({
      id: newId(),
      targetId: target.id,
      ...presented,
      status: 'pending',
      firstSeenAt: now,
      lastSeenAt: now,
      acceptedBy: null,
      acceptedAt: null,
      revokedBy: null,
      revokedAt: null,
    });
    if (!isNew) await this.keys.seen(target.id, presented.fingerprint, now);
    return isNew;
  }

  private async get(targetId: string, keyId: string): Promise<HostKey> {
    const key = await this.keys.find(targetId, keyId);
    if (key === null) throw UserError.notFound('host key', keyId);
    return key;
  }
}

const auditedHostKey = audited<HostKey>()({
  kind: 'host_key',
  name: ({ algorithm, fingerprint }) => `${algorithm} ${fingerprint}`,
  fields: ['targetId', 'status'],
});

const eventOf = (target: KeyedTarget, presented: PresentedKey) => ({
  target_id: target.id,
  target_name: target.name,
  fingerprint: presented.fingerprint,
});

function unknownKey({ name }: KeyedTarget, { fingerprint, algorithm }: PresentedKey): ConnectError {
  return new ConnectError(
    'unknown_host_key',
    `${name} presented the host key ${fingerprint} (${algorithm}), which nobody has accepted yet. Compare it with the host's own and accept it under Targets › ${name}.`,
  );
}

function changedKey({ name }: KeyedTarget, { fingerprint }: PresentedKey, known: string): ConnectError {
  return new ConnectError(
    'host_key_changed',
    `The host key of ${name} changed: known is ${known}, presented was ${fingerprint}. Either the host was reinstalled, or somebody is in between. The connection is blocked until the new key is accepted under Targets › ${name}.`,
  );
}

function revokedKey({ name }: KeyedTarget, { fingerprint }: PresentedKey): ConnectError {
  return new ConnectError(
    'host_key_changed',
    `${name} presented the host key ${fingerprint}, which was revoked. The connection is blocked until it, or another key, is accepted under Targets › ${name}.`,
  );
}
