import { assignedName, leadingText, mayBeAnyNumber, staticText, type Word } from './syntax.js';

/** How a command that runs another one reads its own arguments. Options are letters and long names. */
interface Wrapper {
  /** Options followed by a value. */
  valued?: string[];
  /** Options without one. */
  flags?: string[];
  /** Operands of its own before the command. */
  operands?: number;
  /** `NAME=value` may stand before the command. */
  assignments?: boolean;
}

const letters = (text: string): string[] => [...text];

const ENTER_CONTAINER: Wrapper = {
  valued: [
    ...letters('uewlnvp'),
    'user',
    'env',
    'workdir',
    'env-file',
    'name',
    'network',
    'volume',
    'label',
    'memory',
    'cpus',
  ],
  flags: [...letters('itd'), 'interactive', 'tty', 'detach', 'privileged', 'rm'],
  operands: 1,
};

const WRAPPERS: Record<string, Wrapper> = {
  sudo: {
    valued: [
      ...letters('ughpCrtTUDR'),
      'user',
      'group',
      'host',
      'prompt',
      'chdir',
      'chroot',
      'command-timeout',
      'other-user',
    ],
    flags: [
      ...letters('AbEHKknPSB'),
      'askpass',
      'background',
      'preserve-env',
      'non-interactive',
      'stdin',
      'set-home',
    ],
    assignments: true,
  },
  doas: { valued: letters('uC'), flags: letters('nL') },
  pkexec: { valued: ['user'] },
  gosu: { operands: 1 },
  'su-exec': { operands: 1 },
  env: {
    valued: [...letters('uC'), 'unset', 'chdir'],
    flags: [...letters('i0v'), 'ignore-environment', 'null', 'debug'],
    assignments: true,
  },
  nohup: {},
  exec: { valued: ['a'], flags: letters('cl') },
  command: { flags: ['p'] },
  builtin: {},
  busybox: {},
  toybox: {},
  setsid: { flags: [...letters('cfw'), 'ctty', 'fork', 'wait'] },
  nice: { valued: ['n', 'adjustment'], flags: letters('0123456789') },
  ionice: { valued: [...letters('cn'), 'class', 'classdata'], flags: ['t', 'ignore'] },
  timeout: {
    valued: [...letters('ks'), 'kill-after', 'signal'],
    flags: [...letters('vfp'), 'foreground', 'preserve-status', 'verbose'],
    operands: 1,
  },
  stdbuf: { valued: [...letters('ioe'), 'input', 'output', 'error'] },
  chroot: { valued: ['userspec', 'groups'], flags: ['skip-chdir'], operands: 1 },
  time: { valued: letters('of'), flags: letters('pvaq') },
  taskset: { flags: [...letters('acp')], operands: 1 },
  chrt: { flags: letters('frobiadmv'), operands: 1 },
  flock: {
    valued: [...letters('wE'), 'timeout', 'conflict-exit-code'],
    flags: [...letters('sxenuoF'), 'shared', 'exclusive', 'nonblock', 'unlock', 'close', 'no-fork'],
    operands: 1,
  },
  xargs: {
    valued: [
      ...letters('ILnPsdEa'),
      'max-args',
      'max-procs',
      'replace',
      'delimiter',
      'arg-file',
      'max-lines',
      'max-chars',
    ],
    flags: [...letters('0rtpx'), 'null', 'no-run-if-empty', 'verbose', 'exit', 'interactive'],
  },
  unshare: { flags: letters('muinpCUTrfc') },
  nsenter: { valued: [...letters('tSG'), 'target'], flags: letters('amuinpCUTFZ') },
  runuser: { valued: [...letters('ugG'), 'user', 'group', 'supp-group'] },
  'systemd-run': {
    valued: [
      ...letters('pEHMu'),
      'unit',
      'property',
      'description',
      'slice',
      'setenv',
      'uid',
      'gid',
      'working-directory',
      'on-active',
      'on-calendar',
    ],
    flags: [
      ...letters('tPqdSGr'),
      'scope',
      'user',
      'system',
      'pty',
      'pipe',
      'wait',
      'collect',
      'no-block',
      'quiet',
      'remain-after-exit',
    ],
  },
  'docker exec': ENTER_CONTAINER,
  'docker run': ENTER_CONTAINER,
};

export type Wrapped =
  | { found: 'command'; index: number }
  | { found: 'none' }
  /** An option that is not known, and a word that may be none, leave open which later word is the command. */
  | { found: 'unclear'; index: number; after: string };

export function isWrapper(name: string): boolean {
  return Object.hasOwn(WRAPPERS, name);
}

/** Index of the command that the wrapper at `start` runs. */
export function wrappedCommand(name: string, words: Word[], start: number): Wrapped {
  const wrapper = WRAPPERS[name] ?? {};
  let operands = wrapper.operands ?? 0;
  let options = true;
  for (let at = start + 1; at < words.length; at++) {
    const word = words[at];
    if (!word) break;
    const lead = leadingText(word);
    if (options && lead.startsWith('-') && lead !== '-') {
      const skip = lead === '--' ? 0 : optionLength(wrapper, lead, staticText(word) === null);
      if (skip === null) return { found: 'unclear', index: at, after: `"${name} ${lead}"` };
      if (lead === '--') options = false;
      at += skip;
    } else if (wrapper.assignments && assignedName(word) !== null) continue;
    else if (operands > 0) operands--;
    else return fixed(words, start, at);
  }
  return { found: 'none' };
}

/** The command at `index`, unless a word before it may be none or several: `sudo -u $x id` runs `id` or what follows it. */
function fixed(words: Word[], start: number, index: number): Wrapped {
  const moving = words.slice(start + 1, index).findIndex(mayBeAnyNumber);
  if (moving < 0) return { found: 'command', index };
  return {
    found: 'unclear',
    index: start + 1 + moving,
    after: 'a variable without quotes, which may be no word at all',
  };
}

/** How many further words an option takes; null when that is not known. `more`: the word goes on after its literal text. */
function optionLength(wrapper: Wrapper, text: string, more: boolean): number | null {
  const valued = wrapper.valued ?? [];
  const flags = wrapper.flags ?? [];
  if (text.startsWith('--')) {
    const [name = '', value] = text.slice(2).split('=', 2);
    if (value !== undefined) return valued.includes(name) || flags.includes(name) ? 0 : null;
    if (more) return null;
    if (flags.includes(name)) return 0;
    return valued.includes(name) ? 1 : null;
  }
  const cluster = text.slice(1);
  for (const [at, letter] of [...cluster].entries()) {
    if (valued.includes(letter)) return at + 1 < cluster.length || more ? 0 : 1;
    if (!flags.includes(letter)) return null;
  }
  return more ? null : 0;
}
