import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import { Clock, EventBus, newId, UserError, type Actor } from '../../platform/index.js';
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
  ) {}

  async list(targetId: string): Promise<HostKey[]> {
    if ((await this.targets.find(targetId)) === null) throw UserError.notFound('target', targetId);
    return this.keys.of([targetId]);
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
    });
    if (!isNew) await this.keys.seen(target.id, presented.fingerprint, now);
    const verdict = judgeKey(presented.fingerprint, known);
    if (verdict.kind === 'accepted') return null;
    if (verdict.kind === 'unknown') {
      const event = { target_id: target.id, target_name: target.name, fingerprint: presented.fingerprint };
      if (isNew) await this.events.emit('host_key.pending.v1', event);
      return new ConnectError(
        'unknown_host_key',
        `${target.name} presented the host key ${presented.fingerprint} (${presented.algorithm}), which nobody has accepted yet. Compare it with the host's own and accept it under Targets › ${target.name}.`,
      );
    }
    const knownFingerprint = verdict.known.join(', ') || 'revoked';
    if (isNew) {
      await this.events.emit('host_key.changed.v1', {
        target_id: target.id,
        target_name: target.name,
        known_fingerprint: knownFingerprint,
        seen_fingerprint: presented.fingerprint,
      });
    }
    return new ConnectError(
      'host_key_changed',
      `The host key of ${target.name} changed: known is ${knownFingerprint}, presented was ${presented.fingerprint}. Either the host was reinstalled, or somebody is in between. The connection is blocked until the new key is accepted under Targets › ${target.name}.`,
    );
  }

  /** Trusts a key from now on; an accepted key of the same algorithm is revoked, for a host has one of each. */
  @Transactional()
  async accept(targetId: string, keyId: string, actor: Actor): Promise<HostKey> {
    const key = await this.get(targetId, keyId);
    for (const other of await this.keys.of([targetId])) {
      const replaced =
        other.id !== key.id && other.algorithm === key.algorithm && other.status === 'accepted';
      if (replaced) await this.keys.save({ ...other, status: 'revoked' });
    }
    const accepted: HostKey = {
      ...key,
      status: 'accepted',
      acceptedBy: actor.name,
      acceptedAt: this.clock.now(),
    };
    await this.keys.save(accepted);
    return accepted;
  }

  @Transactional()
  async revoke(targetId: string, keyId: string): Promise<HostKey> {
    const revoked: HostKey = { ...(await this.get(targetId, keyId)), status: 'revoked' };
    await this.keys.save(revoked);
    return revoked;
  }

  private async get(targetId: string, keyId: string): Promise<HostKey> {
    const key = await this.keys.find(targetId, keyId);
    if (key === null) throw UserError.notFound('host key', keyId);
    return key;
  }
}
