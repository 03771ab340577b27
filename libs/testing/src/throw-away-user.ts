import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

/** A user of this machine with a password, who goes with the test. */
export interface ThrowAwayUser {
  name: string;
  password: string;
  remove(): void;
}

/** The process that made a user stands in its name, so that users of a run that was killed can be told and removed. */
const PREFIX = 'aiopstest';
const LOCKED_TRIES = 40;
const tools = ['/usr/sbin/useradd', '/usr/sbin/userdel', '/usr/bin/openssl'];
let count = 0;

/** Why there can be no such user here, or null. */
export function whyNoThrowAwayUser(): string | null {
  if (process.getuid?.() !== 0) return 'making a user with a password needs root';
  const missing = tools.filter((tool) => !existsSync(tool));
  return missing.length === 0 ? null : `${missing.join(', ')} missing`;
}

export function createThrowAwayUser(): ThrowAwayUser {
  removeLeftUsers();
  const name = `${PREFIX}${process.pid}x${++count}`;
  const password = randomBytes(12).toString('base64url');
  const hash = execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' });
  const user = ['--no-create-home', '--home-dir', '/', '--shell', '/bin/sh', '--password', hash.trim(), name];
  unlocked('/usr/sbin/useradd', user);
  return { name, password, remove: () => removeUser(name) };
}

function removeUser(name: string): void {
  if (users().includes(name)) unlocked('/usr/sbin/userdel', ['--force', name]);
}

function removeLeftUsers(): void {
  for (const name of users()) {
    const pid = new RegExp(`^${PREFIX}(\\d+)x\\d+$`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeUser(name);
  }
}

/** Whether there is a process with this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const users = (): string[] =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':')[0] ?? '');

/** /etc/passwd has one writer at a time; the others fail and come back. */
function unlocked(tool: string, args: string[]): void {
  for (let attempt = 1; ; attempt++) {
    try {
      execFileSync(tool, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      return;
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
      // userdel also grumbles about a mail spool that never was, after it did its work.
      if (!said.includes('lock')) {
        if (tool.endsWith('userdel') && !users().includes(args.at(-1) ?? '')) return;
        throw error;
      }
      if (attempt === LOCKED_TRIES) throw error;
      execFileSync('sleep', ['0.1']);
    }
  }
}
