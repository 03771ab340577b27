import { Injectable } from '@nestjs/common';
import type { ListQuery, TargetDto, TargetInput } from '@aiops/contracts';
import { Transactional } from '@nestjs-cls/transactional';
import { Breakers, Clock, newId, UserError, type Page } from '../../platform/index.js';
import { CredentialRepository } from '../credential/credential.repository.js';
import { HostKeyRepository, type HostKey } from '../host-key/host-key.repository.js';
import { targetBreaker } from './target-breaker.js';
import { TargetRepository, type Target } from './target.repository.js';

export type HostKeyStatus = TargetDto['host_key_status'];

@Injectable()
export class TargetService {
  constructor(
    private readonly repository: TargetRepository,
    private readonly credentials: CredentialRepository,
    private readonly hostKeys: HostKeyRepository,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
  ) {}

  list(query: ListQuery): Promise<Page<Target>> {
    return this.repository.list(query);
  }

  async get(id: string): Promise<Target> {
    const target = await this.repository.find(id);
    if (target === null) throw UserError.notFound('target', id);
    return target;
  }

  /** How the host keys of targets stand, by target id. */
  async hostKeyStatus(ids: string[]): Promise<Map<string, HostKeyStatus>> {
    const keys = await this.hostKeys.of(ids);
    return new Map(ids.map((id) => [id, statusOf(keys.filter((key) => key.targetId === id))]));
  }

  create(input: TargetInput): Promise<Target> {
    const now = this.clock.now();
    const contact = { reachable: null, lastSeenAt: null, lastError: null };
    return this.store({ id: newId(), ...contact, createdAt: now, updatedAt: now, ...fromInput(input) });
  }

  /** Replaces a target; its host keys stay unless it now is another address. */
  @Transactional()
  async replace(id: string, input: TargetInput): Promise<Target> {
    const present = await this.get(id);
    const moved = present.host !== input.host || present.port !== input.port;
    if (moved) await this.hostKeys.removeOf(id);
    this.breakers.reset(targetBreaker(present));
    return this.store({ ...present, ...fromInput(input), updatedAt: this.clock.now() });
  }

  @Transactional()
  async remove(id: string): Promise<void> {
    const target = await this.get(id);
    await this.hostKeys.removeOf(id);
    await this.repository.remove(id);
    this.breakers.reset(targetBreaker(target));
  }

  private async store(target: Target): Promise<Target> {
    if (target.kind === 'kubernetes') {
      throw UserError.invalid(
        'kind',
        'Kubernetes targets are not supported yet. Use ssh, or http for an API.',
      );
    }
    if (target.kind === 'ssh' && target.username === null) {
      throw UserError.invalid('username', 'Give the user to sign in as');
    }
    if (target.credentialId !== null && (await this.credentials.find(target.credentialId)) === null) {
      throw UserError.invalid('credential_id', 'There is no such credential');
    }
    const same = await this.repository.findByName(target.name);
    if (same !== null && same.id !== target.id) {
      throw new UserError('conflict', `There is already a target called "${target.name}".`);
    }
    await this.repository.save(target);
    return target;
  }
}

function statusOf(keys: HostKey[]): HostKeyStatus {
  const accepted = keys.filter((key) => key.status === 'accepted');
  const pending = keys.filter((key) => key.status === 'pending');
  if (accepted.length === 0) return pending.length === 0 ? 'none' : 'pending';
  const trusted = Math.max(...accepted.map((key) => key.lastSeenAt.getTime()));
  return pending.some((key) => key.lastSeenAt.getTime() > trusted) ? 'changed' : 'accepted';
}

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
