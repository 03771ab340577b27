/** Commands that read some of their arguments as code. What they are told to run is named in the refusal. */
export interface Interpreter {
  /** Option words after which (or in which) code stands. */
  code: RegExp;
  /** Those of them with which the first operand is data. */
  given: RegExp;
  /** Options that take a plain value in the next word. */
  valued: string[];
  /** The first operand is code or names it (a script, a program). Otherwise operands are data. */
  program: boolean;
  /** Reads commands from its standard input when no code is given. */
  stdin: boolean;
  /** Options end at the first operand; otherwise a later operand that begins with "-" may be an option again. */
  strict: boolean;
  instead: string;
}

const NEVER = /^(?!)/;

const SH: Interpreter = {
  code: /^-[A-Za-z]*c[A-Za-z]*$/,
  // The first operand is code after -c and the script's name without it: either way it is refused.
  given: NEVER,
  valued: ['-o', '-O', '+o', '+O', '--rcfile', '--init-file'],
  program: true,
  stdin: true,
  strict: true,
  instead: 'pass the value as an argument: sh -c \'…"$1"…\' _ {{ … }}',
};

const language = (code: RegExp, given: RegExp, strict: boolean, instead: string): Interpreter => ({
  code,
  given,
  valued: [],
  program: true,
  stdin: true,
  strict,
  instead,
});

const environment = (read: string): string =>
  `set a variable for it: V={{ … }} in front, and ${read} in the program`;
const PYTHON: Interpreter = {
  ...language(
    /^-[A-Za-z]*c.*$/,
    /^-[bBdEiIOqsSuvx]*c$/,
    true,
    "pass the value as an argument: python3 -c '…sys.argv[1]…' {{ … }}",
  ),
  valued: ['-W', '-X'],
};
const PERL = language(/^-[A-Za-z]*[eE].*$/, /^-[acilnpsSTuUvwWX]*[eE]$/, false, environment('$ENV{V}'));
const RUBY = language(/^-[A-Za-z]*e.*$/, /^-[acilnpsSwW]*e$/, false, environment('ENV["V"]'));
const NODE = language(
  /^(?:-[A-Za-z]*[ep].*|--eval.*|--print.*)$/,
  /^(?:-[ep]|-pe|--eval|--print)$/,
  false,
  environment('process.env.V'),
);
const PHP = language(/^(?:-[rBRE].*|--run.*)$/, /^(?:-[rBRE]|--run)$/, false, environment('getenv("V")'));
const OTHER = language(/^-[A-Za-z]*[cCeE].*$/, /^-[eE]$/, false, environment('its environment'));
const AWK: Interpreter = {
  code: /^(?:-[vef].*|--assign.*|--source.*)$/,
  given: /^(?:-[ef]|--source|--file)$/,
  valued: ['-F'],
  program: true,
  stdin: false,
  strict: false,
  instead: environment('ENVIRON["V"]'),
};
const SED: Interpreter = {
  code: /^(?:-[A-Za-z]*[ef].*|--expression.*)$/,
  given: /^(?:-[nrEszu]*[ef]|--expression=.*|--file=.*)$/,
  valued: [],
  program: true,
  stdin: false,
  strict: false,
  instead: 'sed runs parts of its script; use awk with ENVIRON["V"], or a fixed script',
};
const JQ: Interpreter = {
  code: /^(?:-[A-Za-z]*f|--from-file)$/,
  given: /^-[cCrRnsSaMj]*f$/,
  valued: ['--arg', '--argjson', '--indent'],
  program: true,
  stdin: false,
  strict: false,
  instead: "pass the value as a variable: jq --arg v {{ … }} '…$v…'",
};
const SQL: Interpreter = {
  code: /^(?:-[A-Za-z]*[ceQq].*|--command.*|--execute.*|--eval.*|--query.*)$/,
  given: NEVER,
  valued: [],
  program: false,
  stdin: true,
  strict: false,
  instead: 'a value in SQL text is read as SQL; use a variable of the client, such as psql -v',
};

const NAMES: [string, Interpreter][] = [
  ...['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh', 'rbash', 'yash', 'fish', 'csh', 'tcsh'].map(
    (name): [string, Interpreter] => [name, SH],
  ),
  ['python', PYTHON],
  ['pypy', PYTHON],
  ['perl', PERL],
  ['ruby', RUBY],
  ['node', NODE],
  ['nodejs', NODE],
  ['bun', NODE],
  ['php', PHP],
  ...[
    'lua',
    'luajit',
    'tclsh',
    'wish',
    'osascript',
    'rscript',
    'deno',
    'groovy',
    'scala',
    'elixir',
    'erl',
    'ghc',
    'guile',
    'expect',
  ].map((name): [string, Interpreter] => [name, OTHER]),
  ...['awk', 'gawk', 'mawk', 'nawk'].map((name): [string, Interpreter] => [name, AWK]),
  ['sed', SED],
  ['gsed', SED],
  ['jq', JQ],
  ['yq', JQ],
  ...['psql', 'mysql', 'mariadb', 'mongo', 'mongosh', 'sqlplus', 'sqlcmd', 'cqlsh', 'clickhouse-client'].map(
    (name): [string, Interpreter] => [name, SQL],
  ),
];
const INTERPRETERS = new Map(NAMES);

/** By base name, without a version or `.exe`: `/usr/bin/python3.11` is python. */
export function interpreter(name: string): Interpreter | null {
  const plain = name
    .toLowerCase()
    .replace(/\.exe$/, '')
    .replace(/-?[0-9][0-9.]*$/, '');
  return INTERPRETERS.get(plain) ?? null;
}

/** Commands in which a value can turn into code or settings in too many ways to allow any. */
export const REFUSED_COMMANDS = new Map<string, string>([
  ...[
    'eval',
    'source',
    '.',
    'alias',
    'trap',
    'bind',
    'complete',
    'compgen',
    'enable',
    'hash',
    'fc',
    'let',
  ].map((name): [string, string] => [name, 'the shell reads its arguments as code or names']),
  ...['unset', 'read', 'getopts', 'mapfile', 'readarray', 'wait', 'typeset'].map((name): [string, string] => [
    name,
    'some shells run what stands in a name; use a fixed name',
  ]),
  ...[
    'watch',
    'parallel',
    'at',
    'batch',
    'crontab',
    'entr',
    'script',
    'strace',
    'ltrace',
    'gdb',
    'tmux',
    'screen',
    'sg',
    'newgrp',
  ].map((name): [string, string] => [name, 'it hands its arguments to a shell or runs them']),
  ...['make', 'gmake', 'ed', 'ex', 'vi', 'vim', 'nvim', 'emacs', 'm4', 'bc', 'dc'].map(
    (name): [string, string] => [name, 'it can run commands that stand in its arguments'],
  ),
  ...['pwsh', 'powershell', 'cmd', 'sqlite3', 'sqlite'].map((name): [string, string] => [
    name,
    'it reads its arguments as code',
  ]),
  ...['scp', 'rsync'].map((name): [string, string] => [
    name,
    'a path on the other side may be read by a shell there; use fixed paths',
  ]),
]);

/** Commands that take commands or arguments for one from their standard input. */
export const STDIN_COMMANDS = new Set([
  'xargs',
  'parallel',
  'at',
  'batch',
  'crontab',
  'bc',
  'dc',
  'ed',
  'ex',
  'ssh',
  'source',
  '.',
  'm4',
  'su',
]);

/** Variables that make later programs run or load something. */
export const DANGEROUS_VARIABLE =
  /^(?:PATH|IFS|ENV|BASH_.*|SHELL|SHELLOPTS|BASHOPTS|PS[0-9]|PROMPT_COMMAND|CDPATH|GLOBIGNORE|LD_.*|DYLD_.*|PYTHON.*|PERL.*|RUBY.*|NODE_.*|GIT_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|CLASSPATH|EDITOR|VISUAL|PAGER|MANPAGER|BROWSER|LESS.*|SSH_ASKPASS|SUDO_ASKPASS|GCONV_PATH|KUBECONFIG|RANDOM|SECONDS|OPTIND|LINENO|HISTCMD|EPOCH.*)$/;

/** Where a leading "-" is data, from the given operand on. */
export const DASH_IS_DATA = new Map<string, number>([
  ['printf', 1],
  ['echo', 0],
  ['test', 0],
  ['[', 0],
]);

/** Commands for which "--" does not end options, or ends only their own and not those of the command they run. */
export const NO_END_OF_OPTIONS = new Set([
  'find',
  'docker',
  'podman',
  'nerdctl',
  'kubectl',
  'oc',
  'crictl',
  'lxc',
  'incus',
  'ssh',
  'dd',
  'ip',
  'tar',
]);
