import {
  auditSubjectKinds,
  auditVocabulary,
  type AuditAction,
  type AuditEntryDto,
  type AuditSubjectKind,
} from '@aiops/contracts';

/** Where the name in the vocabulary is not the word for it. */
const kinds: Partial<Record<AuditSubjectKind, string>> = {
  api_key: 'API key',
  llm_provider: 'model',
  ingest_mapping: 'mapping',
  route: 'request',
  user: 'person',
};
const actions: Partial<Record<AuditAction, string>> = {
  'alert.analysis_requested': 'analysis asked for',
  'execution.requested': 'asked for',
  'execution.cancel_requested': 'stop asked for',
  'user.sign_in_failed': 'sign-in failed',
};

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export const kindWord = (kind: AuditSubjectKind): string => kinds[kind] ?? kind.replaceAll('_', ' ');

/** `target.updated` is `Target updated`. */
export function actionWord(action: AuditAction): string {
  const [kind = '', verb = ''] = action.split('.');
  const words = `${kindWord(kind as AuditSubjectKind)} ${actions[action] ?? verb.replaceAll('_', ' ')}`;
  return capital(words);
}

/** For a choice of what something was done to. */
export const kindOptions = auditSubjectKinds
  .map((kind) => ({ value: kind, label: capital(kindWord(kind)) }))
  .sort((one, other) => one.label.localeCompare(other.label));

/** For a choice of actions, grouped by what they are done to. */
export const actionGroups = Object.entries(auditVocabulary).map(([kind, verbs]) => ({
  group: kindWord(kind as AuditSubjectKind),
  items: verbs.map((verb) => {
    const action = `${kind}.${verb}` as AuditAction;
    return { value: action, label: actionWord(action) };
  }),
}));

/** What something was done to, as it was called then. */
export const subjectWord = ({ subject }: AuditEntryDto): string => subject.name ?? subject.id ?? '—';

/** Who did it; a person’s name needs no word before it. */
export function actorWord({ actor }: AuditEntryDto): string {
  if (actor.kind === 'api_key') return `API key ${actor.name}`;
  return actor.kind === 'rule' ? `rule ${actor.name}` : actor.name;
}

export interface ChangeRow {
  field: string;
  before: string | null;
  after: string | null;
  /** There is a value, and nobody is shown it. */
  secret: boolean;
}

/** What differs, field by field; a side that is null had no such field. */
export function changeRows({ before, after }: Pick<AuditEntryDto, 'before' | 'after'>): ChangeRow[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields.map((field) => ({
    field: field.replaceAll('_', ' '),
    before: shown(before?.[field]),
    after: shown(after?.[field]),
    secret: before?.[field] === MASK || after?.[field] === MASK,
  }));
}

const MASK = '***';

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}
