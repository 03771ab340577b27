import { OperationalError, UserError } from '../errors/errors.js';
import type { SecretReference, SecretScheme } from './secret-reference.js';

/** One place where secrets are kept. */
export interface SecretBackend<S extends SecretScheme = SecretScheme> {
  readonly scheme: S;
  /**
   * The secret's value, read anew.
   * @throws UserError when it is not there or may not be read: asking again is of no use.
   * @throws OperationalError when the backend cannot be reached or is not ready: it may be later.
   */
  fetch(reference: Extract<SecretReference, { scheme: S }>): Promise<string>;
}

/** The secret is not to be had this way until a person changes something. The text must name no value. */
export function refused(text: string): UserError {
  return new UserError('unprocessable', text);
}

/** The backend is away for now. */
export function away(text: string, cause?: unknown): OperationalError {
  return new OperationalError(text, { cause });
}

/** One field of a secret that is a JSON object. */
export function fieldOf(where: string, fields: unknown, key: string): string {
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  const value: unknown = isObject && Object.hasOwn(fields, key) ? Reflect.get(fields, key) : undefined;
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) throw refused(`${where} has no key "${key}".`);
  throw refused(`The key "${key}" of ${where} is no text, or an empty one.`);
}
