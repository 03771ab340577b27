import { Injectable } from '@nestjs/common';
import { parseRunbook, type Runbook } from '@aiops/runbook-format';
import { UnexpectedError } from '../../platform/index.js';

const KEPT = 500;

/** Stored versions, parsed once each: a version never changes. */
@Injectable()
export class ParsedVersions {
  private readonly parsed = new Map<string, Runbook>();

  /** @throws UnexpectedError when a stored version no longer parses, which validation on the way in rules out. */
  get(versionId: string, yaml: string): Runbook {
    const known = this.parsed.get(versionId);
    if (known !== undefined) return known;
    const { runbook, errors } = parseRunbook(yaml);
    if (runbook === null) {
      throw new UnexpectedError(
        `The stored runbook version ${versionId} does not parse: ${errors[0]?.message ?? ''}`,
      );
    }
    if (this.parsed.size >= KEPT) this.parsed.delete(this.parsed.keys().next().value ?? '');
    this.parsed.set(versionId, runbook);
    return runbook;
  }
}
