import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process with this id lives; one that has ended and waits for its parent does not. */
export function isAlive(pid: number): boolean {
  return identityOf(pid) !== null;
}

/**
 * What tells this process from a later one with the same id: the id and, where the system tells it, when the process
 * began. Null when there is no such process. Fields of /proc/<pid>/stat: proc_pid_stat(5).
 */
export function identityOf(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0 || !answersSignals(pid)) return null;
  if (process.platform === 'win32') return String(pid);
  if (process.platform === 'linux') {
    const stat = readOrNull(`/proc/${pid}/stat`);
    if (stat === null) return null;
    // The command's name is in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : `${pid} ${fields[19] ?? ''}`;
  }
  const [state = '', ...began] = processStatus(pid, 'stat=,lstart=').split(/\s+/);
  return state === '' || state.startsWith('Z') ? null : `${pid} ${began.join(' ')}`;
}

/** Command line of a process; null where the system does not tell. */
export function commandLineOf(pid: number): string | null {
  if (process.platform === 'win32') return null;
  if (process.platform === 'linux') return readOrNull(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? null;
  return processStatus(pid, 'args=') || null;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function processStatus(pid: number, columns: string): string {
  try {
    return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return '';
  }
}
