/**
 * What runs on the target. The exec request carries only this constant text, so that the user's login shell, whatever it
 * is, has nothing to misread; the command itself follows over standard input. It first says its process group, by which
 * the whole tree can be ended later (`$$` alone would miss children), and then becomes the command.
 */
export function posixLauncher(nonce: string): string {
  const script = [
    'if [ -r /proc/$$/stat ]; then read -r s </proc/$$/stat; s=${s##*) }; set -- $s; g=$3; else g=$(ps -o pgid= -p $$); fi',
    `printf "%s %s\\n" "${nonce}" "$g"`,
    'c=$(cat)',
    'exec sh -c "$c" </dev/null',
  ].join('; ');
  return `exec sh -c '${script}'`;
}

/** Ends a process group: asks it, and after `graceSeconds` makes it. Exit code 0 when it is gone. */
export function killGroup(group: number, graceSeconds: number): string {
  // A killed process stays in its group until it is reaped, so "gone" is waited for too.
  const whileAlive = (seconds: number): string =>
    `i=0; while kill -0 -${group} 2>/dev/null && [ $i -lt ${seconds * 10} ]; do sleep 0.1 2>/dev/null || sleep 1; i=$((i+1)); done`;
  const script = [
    `kill -TERM -${group} 2>/dev/null`,
    whileAlive(graceSeconds),
    `kill -KILL -${group} 2>/dev/null`,
    whileAlive(3),
    `! kill -0 -${group} 2>/dev/null`,
  ].join('; ');
  return `exec sh -c '${script}'`;
}

/** PowerShell takes a whole script as base64 of UTF-16LE; Windows limits a command line to 32,767 characters. */
export function powershellLauncher(command: string): string {
  const encoded = Buffer.from(command, 'utf16le').toString('base64');
  return `powershell -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand ${encoded}`;
}
