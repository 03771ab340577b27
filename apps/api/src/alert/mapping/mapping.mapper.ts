import type { IngestMappingDto } from '@aiops/contracts';
import { type Fields, fieldsOf, mapperOf } from '../../platform/index.js';
import type { IngestMapping, StoredMapping } from './mapping.js';

const { same, time, from } = fieldsOf<StoredMapping>();
/** One part of the mapping, which is stored as a whole. */
const part = <K extends keyof IngestMapping>(key: K) => from(['mapping'], ({ mapping }) => mapping[key]);

export const mappingFields: Fields<StoredMapping, IngestMappingDto> = {
  source: same('source'),
  items: part('items'),
  alert_name: part('alert_name'),
  severity: part('severity'),
  status: part('status'),
  labels: part('labels'),
  annotations: part('annotations'),
  starts_at: part('starts_at'),
  ends_at: part('ends_at'),
  generator_url: part('generator_url'),
  fingerprint_keys: part('fingerprint_keys'),
  severity_map: part('severity_map'),
  status_map: part('status_map'),
  resolve_after_seconds: part('resolve_after_seconds'),
  created_at: time('createdAt'),
  updated_at: time('updatedAt'),
};
export const toMappingDto = mapperOf(mappingFields);
