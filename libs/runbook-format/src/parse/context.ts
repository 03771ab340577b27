import type { Problem } from '../model/problem.js';
import { TemplateError } from '../template/error.js';
import type { Path, YamlDocument } from '../yaml/document.js';

/** Collects everything that is wrong with one document, each at its place. */
export class ParseContext {
  readonly errors: Problem[] = [];
  readonly warnings: Problem[] = [];

  constructor(readonly document: YamlDocument) {}

  error(path: Path, message: string, at: { key?: boolean; index?: number } = {}): void {
    this.errors.push(this.document.problem(path, message, at));
  }

  warn(path: Path, message: string, at: { key?: boolean; index?: number } = {}): void {
    this.warnings.push(this.document.problem(path, message, at));
  }

  /** Runs a check of the text at a path; what it throws about the text is reported at the right character. */
  attempt<T>(path: Path, check: () => T): T | null {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.error(path, error.message, { index: error.offset });
      return null;
    }
  }
}
