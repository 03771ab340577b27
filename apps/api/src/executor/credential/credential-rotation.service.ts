import { Injectable } from '@nestjs/common';
import type { CredentialRotation, CredentialRotationInput } from '@aiops/contracts';
import { Clock, UserError } from '../../platform/index.js';
import { ExecutorRegistry } from '../executor.registry.js';
import { TargetRepository, type Target } from '../target/target.repository.js';
import { CredentialSecrets, type OpenCredential } from './credential-secrets.service.js';
import { CredentialService } from './credential.service.js';

const TEST_TIMEOUT_MS = 15_000;
const AT_ONCE = 8;

type Trial = CredentialRotation['tests'][number];

/** Gives a credential a new secret once the targets that use it have taken it. */
@Injectable()
export class CredentialRotator {
  constructor(
    private readonly credentials: CredentialService,
    private readonly secrets: CredentialSecrets,
    private readonly targets: TargetRepository,
    private readonly executors: ExecutorRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * Tries the new secret on every target of the credential. Nothing is changed unless all of them took it, or `force` says
   * so. @throws UserError `unprocessable` that names the targets which did not
   */
  async rotate(
    id: string,
    { secret, passphrase, force, reason }: CredentialRotationInput,
  ): Promise<{ credential: Awaited<ReturnType<CredentialService['get']>>; tests: Trial[] }> {
    const before = await this.credentials.get(id);
    const sealed = await this.secrets.seal(id, before.kind, { secret, passphrase });
    const after = { ...before, ...sealed, updatedAt: this.clock.now() };
    const tests = await this.tryOn(
      await this.targets.usingCredential(id),
      await this.secrets.openEvenStale(after),
    );
    const failed = tests.filter(({ ok }) => !ok);
    if (failed.length > 0 && !force) throw notTaken(failed, tests.length);
    await this.credentials.rotate(before, after, reason ?? null);
    return { credential: after, tests };
  }

  private async tryOn(targets: Target[], trial: OpenCredential): Promise<Trial[]> {
    const tests: Trial[] = [];
    for (let from = 0; from < targets.length; from += AT_ONCE) {
      const some = targets.slice(from, from + AT_ONCE);
      tests.push(...(await Promise.all(some.map((target) => this.tryOne(target, trial)))));
    }
    return tests;
  }

  private async tryOne(target: Target, trial: OpenCredential): Promise<Trial> {
    const signal = AbortSignal.timeout(TEST_TIMEOUT_MS);
    const stages = (await this.executors.find(target.kind)?.test(target, signal, trial)) ?? [];
    const failed = stages.find(({ ok }) => !ok);
    const message = failed?.message ?? stages.at(-1)?.message ?? 'Nothing to try on a target of this kind';
    return { target_id: target.id, target: target.name, ok: failed === undefined, message };
  }
}

function notTaken(failed: Trial[], tried: number): UserError {
  return new UserError(
    'unprocessable',
    `${failed.length} of ${tried} targets did not take the new secret, so nothing was changed: the present one stays in use. ` +
      'Mend what is said of them, or rotate all the same with force.',
    failed.map(({ target, message }) => ({ field: `targets.${target}`, message })),
  );
}
