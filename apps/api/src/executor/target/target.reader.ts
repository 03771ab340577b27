import { Injectable } from '@nestjs/common';
import { TargetRepository, type Target } from './target.repository.js';
import { TargetService } from './target.service.js';

/** Questions that other modules have about targets. */
@Injectable()
export class TargetReader {
  constructor(
    private readonly repository: TargetRepository,
    private readonly targets: TargetService,
  ) {}

  all(): Promise<Target[]> {
    return this.repository.all();
  }

  findMany(ids: readonly string[]): Promise<Target[]> {
    return this.repository.findMany(ids);
  }

  /** @throws UserError `not_found` */
  get(id: string): Promise<Target> {
    return this.targets.get(id);
  }
}
