import { Injectable } from '@nestjs/common';
import type { TargetKind } from '@aiops/contracts';
import type { Executor } from './executor.js';
import { HttpExecutor } from './http/http.executor.js';
import { SshExecutor } from './ssh/ssh.executor.js';

/** Who acts on which kind of target. */
@Injectable()
export class ExecutorRegistry {
  private readonly executors: ReadonlyMap<TargetKind, Executor>;

  constructor(ssh: SshExecutor, http: HttpExecutor) {
    this.executors = new Map([ssh, http].map((executor: Executor) => [executor.kind, executor]));
  }

  find(kind: TargetKind): Executor | null {
    return this.executors.get(kind) ?? null;
  }

  get kinds(): TargetKind[] {
    return [...this.executors.keys()];
  }
}
