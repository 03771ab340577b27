import { StandardSchemaValidationPipe } from '@nestjs/common';
import { UserError, type FieldError } from '../errors/errors.js';

/** One dotted name for a path into a body, e.g. `matchers.0.op`. */
function fieldName(path: readonly unknown[] | undefined): string {
  const parts = (path ?? []).map((part) =>
    typeof part === 'object' && part !== null && 'key' in part ? String(part.key) : String(part),
  );
  return parts.join('.') || 'body';
}

/** Validates what `@Body({schema})`, `@Query` and `@Param` declare, and names every wrong field. */
export function createValidationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => {
      const errors: FieldError[] = issues.flatMap((issue) => {
        const keys = 'keys' in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : [];
        const base = fieldName(issue.path);
        if (keys.length === 0) return [{ field: base, message: issue.message }];
        return keys.map((key) => ({
          field: base === 'body' ? key : `${base}.${key}`,
          message: 'Unknown field',
        }));
      });
      return new UserError('validation', 'Some fields are not valid.', errors);
    },
  });
}
