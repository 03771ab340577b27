import type { FeatureFlagDto } from '@aiops/contracts';
import type { FeatureFlag } from './flag.repository.js';

export function toFeatureFlagDto(flag: FeatureFlag): FeatureFlagDto {
  return {
    id: flag.id,
    key: flag.key,
    description: flag.description,
    enabled: flag.enabled,
    percentage: flag.percentage,
    version: flag.version,
    updated_by: flag.updatedBy,
    created_at: flag.createdAt.toISOString(),
    updated_at: flag.updatedAt.toISOString(),
  };
}
