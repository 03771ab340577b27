import type {
  CredentialDto,
  CredentialInput,
  HostKeyDto,
  KnownHostRuleDto,
  KnownHostRuleInput,
  KnownHostsPlanDto,
  TargetDto,
  TargetInput,
  TargetTestResult,
} from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { get, list, post, put, remove } from '../../shared/api/client';

export const targetsKey = ['targets'] as const;
export const targetList = queryOptions({
  queryKey: [...targetsKey, 'list'],
  queryFn: ({ signal }) => list<TargetDto>('/targets', { page_size: 200, sort: 'name' }, signal),
});
export const targetDetail = (id: string) =>
  queryOptions({
    queryKey: [...targetsKey, 'detail', id],
    queryFn: ({ signal }) => get<TargetDto>(`/targets/${id}`, {}, signal),
  });
export const hostKeys = (id: string) =>
  queryOptions({
    queryKey: [...targetsKey, 'keys', id],
    queryFn: ({ signal }) => list<HostKeyDto>(`/targets/${id}/host-keys`, { page_size: 200 }, signal),
  });
export const credentialNames = queryOptions({
  queryKey: ['credentials', 'names'],
  queryFn: ({ signal }) => list<CredentialDto>('/credentials', { page_size: 200 }, signal),
});

export const saveTarget = (id: string | null, input: TargetInput) =>
  id === null ? post<TargetDto>('/targets', input) : put<TargetDto>(`/targets/${id}`, input);
export const deleteTarget = (id: string) => remove(`/targets/${id}`);
export const testTarget = (id: string) => post<TargetTestResult>(`/targets/${id}/test`);
export const acceptKey = (id: string, keyId: string) =>
  post<HostKeyDto>(`/targets/${id}/host-keys/${keyId}/accept`);
export const revokeKey = (id: string, keyId: string) =>
  post<HostKeyDto>(`/targets/${id}/host-keys/${keyId}/revoke`);
export const pinKey = (id: string, key: string) => post<HostKeyDto>(`/targets/${id}/host-keys`, { key });
export const createCredential = (input: CredentialInput) => post<CredentialDto>('/credentials', input);

export const knownHostsKey = ['known-hosts'] as const;
export const knownHostRules = queryOptions({
  queryKey: knownHostsKey,
  queryFn: ({ signal }) => list<KnownHostRuleDto>('/known-hosts', { page_size: 200 }, signal),
});
export const addKnownHostRule = (input: KnownHostRuleInput) => post<KnownHostRuleDto>('/known-hosts', input);
export const removeKnownHostRule = (id: string) => remove(`/known-hosts/${id}`);
export const previewKnownHosts = (content: string) =>
  post<KnownHostsPlanDto>('/known-hosts/preview', { content });
export const importKnownHosts = (content: string) =>
  post<KnownHostsPlanDto>('/known-hosts/import', { content });
