import { execFileSync } from 'node:child_process';
import { EmbeddedPostgresError } from './errors.js';

/** The user that PostgreSQL runs as: it refuses to run as root. */
export interface SystemUser {
  uid: number;
  gid: number;
}

const USER = 'postgres';

function lookUp(): SystemUser | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, USER], { encoding: 'utf8', stdio: 'pipe' }).trim());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/**
 * Null unless this process is root. As root the system user `postgres`, which is made when there is none.
 * @throws EmbeddedPostgresError when it cannot be made.
 */
export function postgresUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const present = lookUp();
  if (present !== null) return present;
  const commands: [string, string[]][] = [
    ['useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', '--user-group', USER]],
    ['adduser', ['-S', '-D', '-H', USER]],
  ];
  for (const [command, args] of commands) {
    try {
      execFileSync(command, args, { stdio: 'pipe' });
      const made = lookUp();
      if (made !== null) return made;
    } catch {
      // The other distribution's command is tried next.
    }
  }
  throw new EmbeddedPostgresError(
    'PostgreSQL does not run as root, and the system user "postgres" could not be made. Make it, start as another user, or set DATABASE_URL.',
  );
}
