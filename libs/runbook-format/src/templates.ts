import { DISK_CLEANUP } from './templates/disk-cleanup.js';
import { RESTART_SERVICE } from './templates/restart-service.js';

/** A runbook to start from. What it is about stands in its YAML: name, description, category, tags. */
export interface RunbookTemplate {
  name: string;
  yaml: string;
}

export const RUNBOOK_TEMPLATES: readonly RunbookTemplate[] = [
  { name: 'restart-service', yaml: RESTART_SERVICE },
  { name: 'disk-cleanup', yaml: DISK_CLEANUP },
];
