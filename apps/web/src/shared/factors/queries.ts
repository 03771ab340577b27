import type {
  FactorAddedDto,
  FactorsDto,
  PasskeyChallenge,
  RecoveryCodesDto,
  TotpSecretDto,
} from '@aiops/contracts';
import { startRegistration } from '@simplewebauthn/browser';
import { queryOptions } from '@tanstack/react-query';
import { get, post, remove } from '../api/client';

export const myFactors = queryOptions({
  queryKey: ['auth', 'factors'],
  queryFn: ({ signal }) => get<FactorsDto>('/auth/factors', undefined, signal),
});

export const confirmPassword = (password: string): Promise<void> => post('/auth/confirm', { password });
export const makeTotpSecret = (): Promise<TotpSecretDto> => post('/auth/factors/totp');
export const confirmTotp = (code: string): Promise<FactorAddedDto> =>
  post('/auth/factors/totp/confirm', { code });
export const removeTotp = (): Promise<void> => remove('/auth/factors/totp');
export const removePasskey = (id: string): Promise<void> => remove(`/auth/factors/passkeys/${id}`);
export const makeCodes = (): Promise<RecoveryCodesDto> => post('/auth/factors/recovery-codes');

type CreationOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** Lets the browser make a passkey and keeps it. @throws ApiError; DOMException when its person thought better of it */
export async function addPasskey(name: string): Promise<FactorAddedDto> {
  const { token, options } = await post<PasskeyChallenge>('/auth/factors/passkeys/options');
  const passkey = await startRegistration({ optionsJSON: options as unknown as CreationOptions });
  return post('/auth/factors/passkeys', { token, name, passkey });
}
