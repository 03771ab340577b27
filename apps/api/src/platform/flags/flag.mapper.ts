import type { FeatureFlagDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../http/fields.js';
import type { FeatureFlag } from './flag.repository.js';

const { same, time } = fieldsOf<FeatureFlag>();

export const featureFlagFields: Fields<FeatureFlag, FeatureFlagDto> = {
  id: same('id'),
  key: same('key'),
  description: same('description'),
  enabled: same('enabled'),
  percentage: same('percentage'),
  version: same('version'),
  updated_by: same('updatedBy'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
};
export const toFeatureFlagDto = mapperOf(featureFlagFields);
