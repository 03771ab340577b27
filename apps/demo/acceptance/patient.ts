import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A service with a real metric that a real command on its host puts right: it is stuck while its lock file is there. */
export interface Patient {
  metricsPort: number;
  lockFile: string;
  /** One line for each time it was mended. */
  mendings(): string[];
  break(): void;
  /** What mends it, as a shell command. */
  fix: string;
  stop(): void;
}

export async function startPatient(): Promise<Patient> {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-patient-'));
  const lockFile = join(folder, 'queue.lock');
  const log = join(folder, 'mended.log');
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(`# TYPE shop_queue_stuck gauge\nshop_queue_stuck ${existsSync(lockFile) ? 1 : 0}\n`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    metricsPort: (server.address() as AddressInfo).port,
    lockFile,
    mendings: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    break: () => writeFileSync(lockFile, ''),
    fix: `rm ${lockFile} && echo mended >> ${log}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
