import type { CredentialDto } from '@aiops/contracts';
import { ApiError } from '../../../shared/api/client';

export const kindWords: Record<CredentialDto['kind'], string> = {
  ssh_key: 'SSH key',
  password: 'Password',
  token: 'Token',
  kubeconfig: 'Kubeconfig',
};

/** What the secret is called where it is asked for. */
export const secretLabels: Record<CredentialDto['kind'], string> = {
  ssh_key: 'Private key',
  password: 'Password',
  token: 'Token',
  kubeconfig: 'Kubeconfig',
};

export function daysWords(days: number): string {
  if (days < 1) return 'today';
  return days === 1 ? '1 day' : `${days} days`;
}

export interface Trial {
  target: string;
  ok: boolean;
  message: string;
}

const PREFIX = 'targets.';

/** The targets that did not take a new secret, when that is why it was not put to use. */
export function refusalsOf(error: unknown): Trial[] {
  if (!(error instanceof ApiError) || error.problem.status !== 422) return [];
  return (error.problem.errors ?? [])
    .filter(({ field }) => field.startsWith(PREFIX))
    .map(({ field, message }) => ({ target: field.slice(PREFIX.length), ok: false, message }));
}
