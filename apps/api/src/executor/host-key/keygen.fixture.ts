import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshKeyType } from '@aiops/testing';

/** `ssh-keygen` of this machine in a folder of its own: what it says is what we are measured by. */
export class Keygen {
  readonly folder = mkdtempSync(join(tmpdir(), 'aiops-keygen-'));

  path = (name: string): string => join(this.folder, name);
  read = (name: string): string => readFileSync(this.path(name), 'utf8').trim();
  write = (name: string, text: string): void => writeFileSync(this.path(name), text, { mode: 0o600 });

  run(...args: string[]): string {
    return execFileSync('ssh-keygen', args, {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** What it prints, and nothing when it finds nothing. */
  tryRun(...args: string[]): string {
    try {
      return this.run(...args);
    } catch {
      return '';
    }
  }

  /** Makes a key. @returns the line of its `.pub` file, without the comment. */
  key(name: string, type: SshKeyType = 'ed25519', bits?: number): string {
    const size = bits === undefined ? [] : ['-b', String(bits)];
    this.run('-q', '-t', type, ...size, '-N', '', '-C', 'test', '-f', name);
    return this.read(`${name}.pub`).split(' ').slice(0, 2).join(' ');
  }

  /** Signs the key `name` with `authority`; `options` as of ssh-keygen. @returns the blob of the certificate. */
  certify(authority: string, name: string, ...options: string[]): Buffer {
    this.run('-q', '-s', authority, '-I', `id of ${name}`, ...options, `${name}.pub`);
    return blobOf(this.read(`${name}-cert.pub`));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const blobOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');
