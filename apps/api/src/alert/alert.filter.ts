import {
  alertStatusSchema,
  severitySchema,
  type AlertListQuery,
  type AlertStatus,
  type Severity,
} from '@aiops/contracts';
import { UserError } from '../platform/index.js';

/** Which alerts a list shows; within one field any of the values, across fields all of them. */
export interface AlertFilter {
  statuses: AlertStatus[];
  severities: Severity[];
  sources: string[];
  alertNames: string[];
  labels: { name: string; values: string[] }[];
  /** On the start of the alert: from inclusive, to exclusive. */
  from: Date | null;
  to: Date | null;
  /** Looked for in name, labels and annotations. */
  text: string | null;
}

const plainParameters = new Set([
  ...['page', 'page_size', 'cursor', 'limit', 'sort', 'fields', 'q'],
  ...['status', 'severity', 'source', 'alert_name', 'from', 'to'],
]);
const LABEL = 'label.';

const values = (text: string | undefined): string[] =>
  text === undefined
    ? []
    : text
        .split(',')
        .map((value) => value.trim())
        .filter((value) => value !== '');

function oneOf<T extends string>(field: string, text: string | undefined, known: readonly T[]): T[] {
  return values(text).map((value) => {
    const found = known.find((option) => option === value);
    if (found === undefined)
      throw UserError.invalid(field, `Unknown value "${value}". Known: ${known.join(', ')}`);
    return found;
  });
}

/**
 * Reads the filters of a list.
 * @throws UserError `validation` for a parameter or a value that does not exist.
 */
export function toAlertFilter(query: AlertListQuery): AlertFilter {
  const labels: AlertFilter['labels'] = [];
  for (const [name, value] of Object.entries(query)) {
    if (plainParameters.has(name)) continue;
    if (!name.startsWith(LABEL) || name.length === LABEL.length)
      throw UserError.invalid(name, 'Unknown parameter');
    labels.push({ name: name.slice(LABEL.length), values: values(String(value)) });
  }
  return {
    statuses: oneOf('status', query.status, alertStatusSchema.options),
    severities: oneOf('severity', query.severity, severitySchema.options),
    sources: values(query.source),
    alertNames: values(query.alert_name),
    labels,
    from: query.from === undefined ? null : new Date(query.from),
    to: query.to === undefined ? null : new Date(query.to),
    text: query.q === undefined || query.q.trim() === '' ? null : query.q.trim(),
  };
}
