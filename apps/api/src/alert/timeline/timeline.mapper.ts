import type { AlertTimelineEntryDto } from '@aiops/contracts';
import { type Fields, fieldsOf } from '../../platform/index.js';
import type { TimelineEntry } from './timeline.js';

const { same, time, from } = fieldsOf<TimelineEntry>();

export const timelineFields: Fields<TimelineEntry, AlertTimelineEntryDto> = {
  id: same('id'),
  alert_id: same('alertId'),
  at: time('at'),
  kind: same('kind'),
  actor: from(['actor'], ({ actor: { kind, id, name } }) => ({ kind, id, name })),
  summary: same('summary'),
  details: same('details'),
};
