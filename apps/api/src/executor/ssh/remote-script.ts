/**
 * What runs on a POSIX target. The exec request carries only this text, so that the user's login shell, whatever it is,
 * has nothing to misread: it is one line, in single quotes, without a `!`. The command follows over standard input and
 * is given to `sh -c` as one word. The text does three things before:
 *
 * 1. It makes sure that it leads its process group, by which the whole tree can be ended later. sshd gives every command
 *    a session of its own; behind a forced command or another server `setsid` does it. Without either the group is
 *    told as 0, for it might be the server's own.
 * 2. It tells the group, behind the nonce: see MarkerFilter.
 * 3. It takes the command only when its end mark arrived. A connection that is cut while the command is on its way must
 *    not leave half of it to run.
 *
 * The environment stays what the sign-in gives; nothing is added to it.
 */
export function posixLauncher(nonce: string): string {
  const script = [
    'if [ -r /proc/$$/stat ]; then read -r s </proc/$$/stat; s=${s##*) }; set -- $s; g=$3; else g=$(ps -o pgid= -p $$ | tr -d " "); fi',
    'if [ "$g" = "$$" ]; then :; else if [ -z "$AIOPS_LED" ] && command -v setsid >/dev/null 2>&1; then AIOPS_LED=1 exec setsid sh -c "$0" "$0"; fi; g=0; fi',
    'unset AIOPS_LED',
    `printf "%s %s\\n" "${nonce}" "$g"`,
    'c=$(cat)',
    `case "$c" in *"${endMark(nonce)}") c=\${c%"${endMark(nonce)}"};; *) echo "The command did not arrive whole; nothing was run." >&2; exit 126;; esac`,
    'exec sh -c "$c" </dev/null',
  ].join('; ');
  return `exec sh -c 'eval "$0"' '${script}'`;
}

/** What is written to the launcher's standard input. */
export const launcherInput = (nonce: string, command: string): string => `${command}${endMark(nonce)}`;

const endMark = (nonce: string): string => `#${nonce}-end`;

/**
 * Ends a process group: asks it, and after `graceSeconds` makes it. Exit code 0 when it is gone. What `sudo` started
 * belongs to another user, whom only `sudo` can end; it is asked for that without a password or not at all. A group that
 * may not be signalled is still there: "not permitted" and "no such process" are told apart by their text. A group of
 * nothing but zombies is gone, although some first processes of containers never reap them.
 */
export function killGroup(group: number, graceSeconds: number): string {
  const members = `"^ *${group} "`;
  const zombies = `"^ *${group}  *Z"`;
  const script = [
    `dead() { a=$(ps -A -o pgid= -o stat= 2>/dev/null | grep ${members}); [ -n "$a" ] || return 1; a=$(echo "$a" | grep -v ${zombies}); [ -z "$a" ]; }`,
    `up() { if dead; then return 1; fi; e=$(LC_ALL=C kill -0 -${group} 2>&1) && return 0; case "$e" in *ermitted*) if [ -z "$d" ]; then d=1; sudo -n kill -$s -- -${group} >/dev/null 2>&1; fi; return 0;; esac; return 1; }`,
    'wait_gone() { i=0; while up && [ $i -lt $1 ]; do sleep 0.1 2>/dev/null || sleep 1; i=$((i+1)); done; }',
    `s=TERM; d=; kill -TERM -${group} 2>/dev/null`,
    `wait_gone ${graceSeconds * 10}`,
    `s=KILL; d=; kill -KILL -${group} 2>/dev/null`,
    'wait_gone 30',
    'if up; then exit 1; else exit 0; fi',
  ].join('; ');
  return `exec sh -c '${script}'`;
}

/** cmd.exe, the usual default shell of Windows' OpenSSH, takes lines of this length. */
const WINDOWS_LINE_LIMIT = 8_191;

/**
 * Runs a command in Windows PowerShell, which takes a whole script as base64 of UTF-16LE. Output comes as UTF-8, progress
 * bars do not come at all, and the exit code is the last program's, or 1 when the last command failed. The command cannot
 * begin with `using` or `param`. Nothing on Windows ends a process tree by its group: a command that is stopped may leave
 * processes behind.
 * @returns null when the command is too long for a Windows command line.
 */
export function powershellLauncher(command: string): string | null {
  const script = [
    "$ProgressPreference='SilentlyContinue';[Console]::OutputEncoding=[Text.Encoding]::UTF8",
    command,
    'if (-not $?) { if ($LASTEXITCODE) { exit $LASTEXITCODE } else { exit 1 } }',
  ].join('\n');
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const line = `powershell -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand ${encoded}`;
  return line.length > WINDOWS_LINE_LIMIT ? null : line;
}
