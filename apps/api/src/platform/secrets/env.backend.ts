import { refused, type SecretBackend } from './secret-backend.js';

/** Secrets in environment variables; `hidden` ones are the engine's own and never given out. */
export class EnvBackend implements SecretBackend<'env'> {
  readonly scheme = 'env';

  constructor(
    private readonly env: Record<string, string | undefined>,
    private readonly hidden: readonly string[],
  ) {}

  fetch({ name }: { name: string }): Promise<string> {
    if (this.hidden.includes(name)) {
      return Promise.reject(
        refused(`The environment variable ${name} is a setting and cannot be referred to.`),
      );
    }
    const value = this.env[name];
    if (value === undefined || value === '') {
      return Promise.reject(refused(`The environment variable ${name} is not set.`));
    }
    return Promise.resolve(value);
  }
}
