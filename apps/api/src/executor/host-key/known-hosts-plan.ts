import type { KnownHostsPlanDto } from '@aiops/contracts';
import { banOf, type HostKeyStatus, type KnownHostRule } from './host-key.js';
import { concernsHost, hostNames, matchHosts } from './host-patterns.js';
import type { KnownHostsLine } from './known-hosts.js';

export type PlannedLine = KnownHostsPlanDto['lines'][number];
type Action = PlannedLine['action'];
type Effect = PlannedLine['targets'][number]['effect'];
type Entry = Extract<KnownHostsLine, { kind: 'entry' }>;

interface PlanTarget {
  id: string;
  name: string;
  host: string;
  port: number;
}

/** What an import meets. */
export interface PlanState {
  targets: readonly PlanTarget[];
  keys: readonly { targetId: string; fingerprint: string; algorithm: string | null; status: HostKeyStatus }[];
  rules: readonly KnownHostRule[];
}

/** As many bytes as an index of PostgreSQL takes without trouble. */
export const LONGEST_HOSTS = 1000;

/**
 * What importing a known_hosts file does, line by line. It only ever adds: a key that a target trusts already stays
 * trusted, and a revoked one stays revoked, wherever in the file that is said.
 */
export function planKnownHosts(lines: readonly KnownHostsLine[], state: PlanState): PlannedLine[] {
  const inFile = lines.flatMap((line) => (line.kind === 'entry' ? rulesOf(line) : []));
  const planner = new Planner(
    { ...state, rules: [...state.rules, ...inFile] },
    new Set(state.rules.map(ruleKey)),
  );
  return lines.map((line) => planner.plan(line));
}

const ruleKey = ({ kind, hosts, fingerprint }: KnownHostRule): string => `${kind} ${hosts} ${fingerprint}`;

export function rulesOf({ marker, hosts, key }: Entry): KnownHostRule[] {
  if (marker === null) return [];
  const kind = marker === 'revoked' ? 'revoked' : 'certificate_authority';
  return [{ kind, hosts, fingerprint: key.fingerprint }];
}

class Planner {
  /** `target fingerprint` of what earlier lines do. */
  private readonly planned = new Set<string>();

  constructor(
    private readonly state: PlanState,
    private readonly stored: Set<string>,
  ) {}

  plan(line: KnownHostsLine): PlannedLine {
    const { line: number, text } = line;
    const about = { line: number, text, fingerprint: null, targets: [] };
    if (line.kind === 'blank') return { ...about, action: 'ignored', message: '' };
    if (line.kind === 'invalid') return { ...about, action: 'invalid', message: sentence(line.problem) };
    const planned = line.marker === null ? this.planKey(line) : this.planRule(line);
    return { ...about, fingerprint: line.key.fingerprint, ...planned };
  }

  private planKey(entry: Entry): Pick<PlannedLine, 'action' | 'message' | 'targets'> {
    const matched = this.state.targets.filter(
      (target) => matchHosts(entry.hosts, hostNames(target)[0]) === 'match',
    );
    if (matched.length === 0) return { action: 'unmatched', message: this.whyUnmatched(entry), targets: [] };
    const judged = matched.map((target) => ({ target, ...this.judge(entry, target) }));
    const targets = judged.map(({ target, effect }) => ({ id: target.id, name: target.name, effect }));
    const pinned = judged.filter(({ effect }) => effect === 'pin').map(({ target }) => target);
    const action = strongest(targets.map(({ effect }) => effect));
    const notes = [...new Set(judged.flatMap(({ note }) => (note === null ? [] : [note])))];
    const does = pinned.length === 0 ? [] : [`Trusts this ${entry.key.algorithm} key on ${namesOf(pinned)}.`];
    return { action, message: [...does, ...notes].join(' '), targets };
  }

  private judge({ key }: Entry, target: PlanTarget): { effect: Effect; note: string | null } {
    const { name } = target;
    if (banOf({ fingerprint: key.fingerprint, certificate: null }, target, this.state.rules) !== undefined) {
      return { effect: 'refused', note: `This key is revoked for ${name} by a line with @revoked.` };
    }
    const own = this.state.keys.filter(({ targetId }) => targetId === target.id);
    const same = own.find(({ fingerprint }) => fingerprint === key.fingerprint);
    if (same?.status === 'accepted') return { effect: 'unchanged', note: `${name} trusts it already.` };
    if (same?.status === 'revoked') {
      return { effect: 'refused', note: `It was revoked on ${name}: accept it there if it is good again.` };
    }
    const mark = `${target.id} ${key.fingerprint}`;
    if (this.planned.has(mark)) return { effect: 'unchanged', note: `An earlier line says so for ${name}.` };
    this.planned.add(mark);
    const other = own.some(({ status, algorithm }) => status === 'accepted' && algorithm === key.algorithm);
    return { effect: 'pin', note: other ? `${name} goes on trusting another key of this type.` : null };
  }

  private planRule(entry: Entry): Pick<PlannedLine, 'action' | 'message' | 'targets'> {
    const [rule] = rulesOf(entry);
    if (rule === undefined || entry.hosts.length > LONGEST_HOSTS) {
      return {
        action: 'invalid',
        message: `More than ${LONGEST_HOSTS} characters of host names.`,
        targets: [],
      };
    }
    const isNew = !this.stored.has(ruleKey(rule));
    this.stored.add(ruleKey(rule));
    return rule.kind === 'revoked' ? this.planBan(rule, isNew) : this.planAuthority(rule, isNew);
  }

  private planAuthority(
    rule: KnownHostRule,
    isNew: boolean,
  ): Pick<PlannedLine, 'action' | 'message' | 'targets'> {
    const revoked = this.state.rules.some(
      ({ kind, fingerprint }) => kind === 'revoked' && fingerprint === rule.fingerprint,
    );
    if (revoked)
      return {
        action: 'refused',
        message: 'This authority is revoked by a line with @revoked.',
        targets: [],
      };
    const concerned = this.concerned(rule, 'trust');
    const now = concerned.length === 0 ? 'none of the present targets' : namesOf(concerned);
    return {
      action: isNew ? 'trust_authority' : 'unchanged',
      message: isNew
        ? `Trusts host certificates by this key for ${rule.hosts}: ${now}, and targets that are added later.`
        : 'This authority is trusted for these hosts already.',
      targets: concerned.map(({ id, name }) => ({ id, name, effect: isNew ? 'trust' : 'unchanged' })),
    };
  }

  private planBan(rule: KnownHostRule, isNew: boolean): Pick<PlannedLine, 'action' | 'message' | 'targets'> {
    const has = (target: PlanTarget): boolean =>
      this.state.keys.some((key) => key.targetId === target.id && key.fingerprint === rule.fingerprint);
    const concerned = this.concerned(rule, 'ban').filter(has);
    const there = concerned.length === 0 ? '' : ` It is known on ${namesOf(concerned)}.`;
    return {
      action: isNew ? 'revoke' : 'unchanged',
      message: isNew
        ? `Never trusts this key, nor certificates by it, for ${rule.hosts}.${there}`
        : 'This key is revoked for these hosts already.',
      targets: concerned.map(({ id, name }) => ({ id, name, effect: isNew ? 'revoke' : 'unchanged' })),
    };
  }

  private concerned({ hosts }: KnownHostRule, purpose: 'trust' | 'ban'): PlanTarget[] {
    return this.state.targets.filter((target) => concernsHost(hosts, hostNames(target), purpose));
  }

  private whyUnmatched({ hosts }: Entry): string {
    const near = this.state.targets.find((target) => concernsHost(hosts, hostNames(target), 'trust'));
    if (near === undefined) return 'It names no target.';
    return `It names no target: ${near.name} is known as ${hostNames(near)[0]}, with its port.`;
  }
}

/** One effect for the whole line: what is done comes before what is not. */
function strongest(effects: readonly Effect[]): Action {
  if (effects.includes('pin')) return 'pin';
  return effects.includes('refused') ? 'refused' : 'unchanged';
}

function namesOf(targets: readonly { name: string }[]): string {
  const shown = targets.slice(0, 5).map(({ name }) => name);
  const rest = targets.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
