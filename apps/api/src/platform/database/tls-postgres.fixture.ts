import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { startEmbeddedPostgres } from '@aiops/embedded-postgres';
import { until } from '@aiops/testing';
import pg from 'pg';

/** A certificate and its key, as PEM files. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/** Authorities and the certificates that they sign, made with openssl. */
export class TestAuthority {
  private readonly own: KeyPair;
  private count = 0;

  constructor(
    private readonly folder: string,
    readonly name: string,
  ) {
    this.own = this.files(name);
    const out = ['-keyout', this.own.key, '-out', this.own.certificate];
    openssl('req', '-x509', ...newKey, '-subj', `/CN=${name}`, '-days', '2', ...out);
  }

  /** PEM file for `DATABASE_SSL_CA`. */
  get file(): string {
    return this.own.certificate;
  }

  /** `subject` is as in `DNS:localhost,IP:127.0.0.1`; with a negative number of days it has expired. */
  sign(subject: string, days = 1): KeyPair {
    const pair = this.files(`server-${this.name}-${++this.count}`);
    const request = `${pair.key}.csr`;
    const names = ['-addext', `subjectAltName=${subject}`];
    openssl(
      'req',
      '-new',
      ...newKey,
      '-subj',
      '/CN=postgres',
      ...names,
      '-keyout',
      pair.key,
      '-out',
      request,
    );
    const by = ['-CA', this.own.certificate, '-CAkey', this.own.key, '-copy_extensions', 'copy'];
    openssl('x509', '-req', '-in', request, ...by, '-days', String(days), '-out', pair.certificate);
    return pair;
  }

  private files(name: string): KeyPair {
    return { certificate: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
  }
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });

/** A real PostgreSQL that speaks TLS. */
export interface TlsPostgres {
  folder: string;
  /** Address of its database under a name of this machine. */
  url(host: string): string;
  /** Takes this certificate from now on. */
  show(pair: KeyPair): Promise<void>;
  query<T extends pg.QueryResultRow>(sql: string): Promise<T[]>;
  stop(): Promise<void>;
}

export async function startTlsPostgres(): Promise<TlsPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'aiops-tls-postgres-'));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
  const { uid, gid } = statSync(postgres.dataDirectory);
  const inData = (name: string) => join(postgres.dataDirectory, name);
  const admin = new pg.Client({ connectionString: postgres.url, ssl: false, application_name: 'the test' });
  await admin.connect();
  const url = (host: string): string => {
    const changed = new URL(postgres.url);
    changed.hostname = host;
    return changed.href;
  };
  return {
    folder,
    url,
    show: async ({ certificate, key }) => {
      for (const [from, to] of [
        [certificate, 'server.crt'],
        [key, 'server.key'],
      ] as const) {
        writeFileSync(inData(to), readFileSync(from), { mode: 0o600 });
        if (process.getuid?.() === 0) chownSync(inData(to), uid, gid);
      }
      await admin.query('ALTER SYSTEM SET ssl = on');
      await admin.query('SELECT pg_reload_conf()');
      const { fingerprint256 } = new X509Certificate(readFileSync(certificate));
      await until(async () => (await shownBy(postgres.url)) === fingerprint256, {
        description: 'the server to show the certificate',
      });
    },
    query: async <T extends pg.QueryResultRow>(sql: string) => (await admin.query<T>(sql)).rows,
    stop: async () => {
      await admin.end();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Fingerprint of the certificate that the server shows; null while it shows none. */
async function shownBy(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, ssl: { rejectUnauthorized: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { stream } = client.connection;
    return stream instanceof TLSSocket ? stream.getPeerCertificate().fingerprint256 : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
