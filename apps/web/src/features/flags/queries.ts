import type { FeatureFlagDto, FeatureFlagInput, FeatureFlagUpdate } from '@aiops/contracts';
import { queryOptions } from '@tanstack/react-query';
import { list, patch, post, remove } from '../../shared/api/client';

export const flagsKey = ['feature-flags'] as const;
export const flagList = queryOptions({
  queryKey: [...flagsKey, 'list'],
  queryFn: ({ signal }) => list<FeatureFlagDto>('/feature-flags', { page_size: 200, sort: 'key' }, signal),
});
export const createFlag = (input: FeatureFlagInput) => post<FeatureFlagDto>('/feature-flags', input);
export const changeFlag = (key: string, update: FeatureFlagUpdate) =>
  patch<FeatureFlagDto>(`/feature-flags/${key}`, update);
export const deleteFlag = (key: string) => remove(`/feature-flags/${key}`);
