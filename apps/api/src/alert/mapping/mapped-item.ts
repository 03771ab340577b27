import type { Labels, Severity } from '@aiops/contracts';
import { fingerprintOf } from '../identity/fingerprint.js';
import { toSeverity } from '../identity/severity.js';
import type { Delivery } from '../ingest/delivery.js';
import { isObject, storable, storableJson, typeName, type JsonObject } from '../ingest/read-fields.js';
import type { FieldError } from '../../platform/index.js';
import type { IngestMapping } from './mapping.js';
import { splitPath, valueAt } from './path.js';

/** Where a field is looked for when the mapping does not say; the first that holds something wins. */
const guesses = {
  alert_name: ['alert_name', 'alertname', 'alertName', 'title', 'name', 'labels.alertname', 'summary'],
  severity: ['severity', 'level', 'priority', 'labels.severity'],
  status: ['status', 'state'],
  starts_at: ['starts_at', 'startsAt', 'started_at'],
  ends_at: ['ends_at', 'endsAt', 'ended_at'],
  generator_url: ['generator_url', 'generatorURL', 'url', 'link'],
} as const;
const guessedLabels = ['labels', 'tags'];
const guessedTexts = ['description', 'message', 'summary', 'runbook_url', 'dashboard'];
const guessedKeys = ['fingerprint', 'dedup_key', 'dedupKey', 'alias'];

const resolvedWords = new Set(
  'resolved resolve ok closed close normal recovered recovery cleared clear inactive healthy up'.split(' '),
);
const moreSeverities: Readonly<Record<string, Severity>> = {
  emergency: 'critical',
  fatal: 'critical',
  disaster: 'critical',
  p1: 'critical',
  sev1: 'critical',
  p2: 'high',
  sev2: 'high',
  p3: 'warning',
  sev3: 'warning',
  warn: 'warning',
  medium: 'warning',
};

const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return storable(value);
  return JSON.stringify(storableJson(value));
};

/** Reads one alert of any JSON through a mapping; `errors` names each field that cannot be used. */
export class MappedItem {
  readonly errors: FieldError[] = [];
  private readonly used = new Set<string>();

  constructor(
    private readonly item: JsonObject,
    private readonly mapping: IngestMapping,
    /** Where the alert stands in the message, e.g. `alerts.2.`; empty when it is the message. */
    private readonly prefix: string,
  ) {}

  toDelivery(source: string, now: Date): Delivery {
    const alertName = this.name();
    const ownLabels = this.texts(this.mapping.labels, guessedLabels);
    const annotations = this.annotations();
    const word = this.word('severity');
    const severity = this.severity(word);
    const status = this.status();
    const startsAt = this.time('starts_at');
    const endsAt = this.time('ends_at');
    const key = this.key();
    const identity: Labels = key === null ? { ...ownLabels, alertname: alertName } : { key };
    const resolveAfter = this.mapping.resolve_after_seconds;
    return {
      source,
      fingerprint: fingerprintOf({ ...identity, __source__: source }),
      status,
      alertName,
      severity,
      labels: { ...(word === '' ? {} : { severity }), ...ownLabels, alertname: alertName },
      annotations,
      generatorUrl: textOf(this.find('generator_url')) || null,
      extras: this.extras(),
      truncatedAlerts: 0,
      startsAt: startsAt ?? now,
      startsAtStated: startsAt !== null,
      endsAt: status === 'resolved' || (endsAt !== null && endsAt > now) ? endsAt : null,
      resolveAfterMs: resolveAfter === null ? null : resolveAfter * 1000,
    };
  }

  private name(): string {
    const name = textOf(this.find('alert_name')).trim();
    if (name !== '') return name;
    const path = this.mapping.alert_name;
    if (path !== null) this.fail(path, 'The name of the alert is missing here');
    else this.fail('alert_name', `The alert has no name. Looked at: ${guesses.alert_name.join(', ')}`);
    return '';
  }

  private severity(word: string): Severity {
    return pick(this.mapping.severity_map, word) ?? moreSeverities[word.toLowerCase()] ?? toSeverity(word);
  }

  private status(): 'firing' | 'resolved' {
    const word = this.word('status');
    return (
      pick(this.mapping.status_map, word) ?? (resolvedWords.has(word.toLowerCase()) ? 'resolved' : 'firing')
    );
  }

  private word(field: 'severity' | 'status'): string {
    return textOf(this.find(field)).trim();
  }

  /** RFC 3339 or another spelling that is unambiguous to JavaScript, or a Unix time in seconds or milliseconds. */
  private time(field: 'starts_at' | 'ends_at'): Date | null {
    const value = this.find(field);
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string' && value.startsWith('0001-01-01T')) return null;
    const number = typeof value === 'number' ? value : Number.NaN;
    const time =
      typeof value === 'string' ? new Date(value) : new Date(number < 1e11 ? number * 1000 : number);
    const year = time.getUTCFullYear();
    if (year >= 1 && year <= 9999) return time;
    this.fail(
      this.mapping[field] ?? field,
      `Must be a time as in RFC 3339 or a Unix time and is ${textOf(value).slice(0, 60)}`,
    );
    return null;
  }

  /** What makes two deliveries the same alert; null when the labels do. */
  private key(): string | null {
    const wanted = this.mapping.fingerprint_keys;
    if (wanted.length === 0) {
      const path = guessedKeys.find((candidate) => textOf(this.item[candidate]) !== '');
      return path === undefined ? null : textOf(this.take(path));
    }
    const parts = wanted.map((path) => textOf(this.take(path)));
    if (parts.some((part) => part !== '')) return JSON.stringify(parts);
    this.fail(wanted[0] ?? 'fingerprint_keys', 'Nothing here says which alert this is');
    return null;
  }

  private annotations(): Labels {
    const annotations = this.texts(this.mapping.annotations, ['annotations']);
    if (this.mapping.annotations !== null) return annotations;
    for (const name of guessedTexts) {
      if (typeof this.item[name] === 'string' && !this.used.has(name))
        annotations[name] ??= textOf(this.take(name));
    }
    return annotations;
  }

  private texts(mapped: IngestMapping['labels'], guessed: readonly string[]): Labels {
    if (mapped !== null && typeof mapped === 'object') {
      return toTexts(Object.entries(mapped).map(([name, path]) => [name, this.take(path)]));
    }
    const path = mapped ?? guessed.find((candidate) => isObject(this.item[candidate]));
    if (path === undefined) return {};
    const value = this.take(path);
    if (isObject(value)) return toTexts(Object.entries(value));
    if (value !== undefined && value !== null) this.fail(path, `Must be an object and is ${typeName(value)}`);
    return {};
  }

  private find(field: keyof typeof guesses): unknown {
    const path = this.mapping[field];
    if (path !== null) return this.take(path);
    const guess = guesses[field].find((candidate) => textOf(valueAt(this.item, candidate)) !== '');
    return guess === undefined ? undefined : this.take(guess);
  }

  /** The value at a path; a field that is read as a whole is not kept a second time. */
  private take(path: string): unknown {
    const keys = splitPath(path);
    if (keys.length === 1) this.used.add(keys[0] ?? '');
    return valueAt(this.item, path);
  }

  private extras(): JsonObject {
    const rest = Object.entries(this.item).filter(([key]) => !this.used.has(key));
    return Object.fromEntries(rest.map(([key, value]) => [storable(key), storableJson(value)]));
  }

  private fail(path: string, message: string): void {
    this.errors.push({ field: `${this.prefix}${path}`, message });
  }
}

function pick<T>(map: Record<string, T>, word: string): T | undefined {
  if (Object.hasOwn(map, word)) return map[word];
  const lower = word.toLowerCase();
  return Object.entries(map).find(([key]) => key.toLowerCase() === lower)?.[1];
}

function toTexts(entries: (readonly [string, unknown])[]): Labels {
  const texts = entries.map(([name, value]) => [storable(name), textOf(value)] as const);
  return Object.fromEntries(texts.filter(([name, text]) => name !== '' && text !== ''));
}
