import { Injectable } from '@nestjs/common';
import { Transactional } from '@nestjs-cls/transactional';
import { Clock, EventBus, newId } from '../../platform/index.js';
import { ConnectError } from '../errors.js';
import type { Target } from '../target/target.repository.js';
import {
  algorithmOrder,
  authoritiesFor,
  banOf,
  certificateFacts,
  judgePresented,
  withCertificates,
  withoutType,
  type Judgement,
} from './host-key.js';
import { HostKeyRepository, type HostKey } from './host-key.repository.js';
import { KnownHostRuleRepository, type StoredRule } from './known-host-rule.repository.js';
import type { PresentedKey } from './presented-key.js';
import { changedKey, revokedKey, unknownKey } from './refusals.js';

/** Judges the key that a host shows. It remembers what it saw, and accepts nothing: that is for people. */
@Injectable()
export class HostKeyVerifier {
  constructor(
    private readonly keys: HostKeyRepository,
    private readonly rules: KnownHostRuleRepository,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /** Host key algorithms to offer a target, what it is trusted by first. */
  async algorithms(target: Target): Promise<string[]> {
    const keys = await this.keys.of([target.id]);
    const accepted = keys.flatMap(({ status, algorithm }) =>
      status === 'accepted' && algorithm !== null ? [algorithm] : [],
    );
    const order = algorithmOrder(accepted);
    return authoritiesFor(target, await this.rules.all()).length > 0 ? withCertificates(order) : order;
  }

  /**
   * What is left to ask a host for that showed another key than the one whose fingerprint was pinned: a fingerprint does
   * not say of which type its key is. Empty when there is nothing to look for.
   */
  async othersToTry(target: Target, shown: PresentedKey, offered: readonly string[]): Promise<string[]> {
    const keys = await this.keys.of([target.id]);
    const isKnown = keys.some(({ fingerprint }) => fingerprint === shown.fingerprint);
    const isPinnedAlone = keys.some(({ status, algorithm }) => status === 'accepted' && algorithm === null);
    return isPinnedAlone && !isKnown ? withoutType(offered, shown.algorithm) : [];
  }

  /** Records the key that a host presented. @returns null when it is trusted, else the reason to hang up. */
  @Transactional()
  async check(target: Target, presented: PresentedKey): Promise<ConnectError | null> {
    const [keys, rules] = [await this.keys.of([target.id]), await this.rules.all()];
    const now = this.clock.now();
    const verdict = judgePresented(presented, { target, keys, rules, now });
    const ban = banOf(presented, target, rules);
    const isNew = await this.record(target, presented, firstState(verdict, ban, now));
    switch (verdict.kind) {
      case 'accepted':
      case 'certified':
        return null;
      case 'unknown':
        if (isNew) {
          const { fingerprint } = presented;
          await this.events.emit('host_key.pending.v1', { ...named(target), fingerprint });
        }
        return unknownKey(target, presented, verdict.certificateProblem);
      case 'revoked':
        if (verdict.news) await this.alarm(target, presented, 'revoked', []);
        return revokedKey(target, presented);
      case 'changed':
        await this.tellChange(target, presented, verdict);
        return changedKey(target, presented, verdict.known, verdict.certificateProblem);
    }
  }

  /** The alarm goes on until a person has decided; a message is worth it when something has changed. */
  private async tellChange(
    target: Target,
    presented: PresentedKey,
    { known, news, undecided }: Extract<Judgement, { kind: 'changed' }>,
  ): Promise<void> {
    if (news || undecided) await this.alarm(target, presented, 'changed', known);
    if (!news) return;
    await this.events.emit('host_key.changed.v1', {
      ...named(target),
      known_fingerprint: known.join(', '),
      seen_fingerprint: presented.fingerprint,
    });
  }

  private async alarm(
    target: Target,
    { fingerprint }: PresentedKey,
    reason: 'changed' | 'revoked',
    known: string[],
  ): Promise<void> {
    await this.events.emit('host_key.alarm.v1', {
      state: 'raised',
      ...named(target),
      reason,
      known_fingerprints: known,
      seen_fingerprint: fingerprint,
    });
  }

  /** @returns whether the host showed this key for the first time, and nobody had made it known. */
  private async record(target: Target, presented: PresentedKey, first: FirstState): Promise<boolean> {
    const { algorithm, fingerprint, publicKey } = presented;
    const certificate = certificateFacts(presented);
    const at = first.lastSeenAt;
    const isNew = await this.keys.add({
      ...first,
      id: newId(),
      targetId: target.id,
      algorithm,
      fingerprint,
      publicKey,
      certificate,
      origin: 'seen',
      firstSeenAt: at,
      acceptedBy: null,
      acceptedAt: null,
      createdAt: at,
    });
    if (isNew) return true;
    await this.keys.seen(target.id, fingerprint, { algorithm, publicKey, certificate, at });
    const to = first.status === 'certified' ? 'certified' : 'pending';
    await this.keys.turn(target.id, fingerprint, to === 'certified' ? 'pending' : 'certified', to);
    return false;
  }
}

const named = ({ id, name }: Target) => ({ target_id: id, target_name: name });

type FirstState = Pick<HostKey, 'status' | 'revokedBy' | 'revokedAt'> & { lastSeenAt: Date };

/** How a key is stored that is seen for the first time. */
function firstState({ kind }: Judgement, ban: StoredRule | undefined, now: Date): FirstState {
  if (ban !== undefined)
    return { status: 'revoked', revokedBy: ban.createdBy, revokedAt: ban.createdAt, lastSeenAt: now };
  const status = kind === 'certified' ? 'certified' : 'pending';
  return { status, revokedBy: null, revokedAt: null, lastSeenAt: now };
}
