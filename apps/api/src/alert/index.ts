export { isOpen, type Alert, type AlertFacts, type RemediationState } from './alert.js';
export { toAlertDto } from './alert.mapper.js';
export { AlertModule } from './alert.module.js';
export { AlertReader } from './alert.reader.js';
export { AlertRemediationState } from './alert-remediation-state.service.js';
export { AlertTimeline } from './timeline/alert-timeline.service.js';
export type { NewTimelineEntry, TimelineActor } from './timeline/timeline.js';
