import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Module } from '@nestjs/common';
import { until } from '@aiops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratedDatabase, startTestEngine, type TestEngine } from '../../testing/test-engine.js';
import { readSettings } from '../config/config.js';
import { OperationalError } from '../errors/errors.js';
import { OnLiveEvent } from '../jobs/job.decorators.js';
import { migrate } from './migrate.js';
import { startTlsPostgres, TestAuthority, type TlsPostgres } from './tls-postgres.fixture.js';

@Injectable()
class Listener {
  readonly heard: string[] = [];
  @OnLiveEvent('alert.changed.v1')
  changed({ alert_id: id }: { alert_id: string }): void {
    this.heard.push(id);
  }
}
@Module({ providers: [Listener] })
class ListenerModule {}

type Ssl = Parameters<typeof migrate>[1];
const mode = (DATABASE_SSL_MODE: Ssl['DATABASE_SSL_MODE'], DATABASE_SSL_CA?: string): Ssl => ({
  DATABASE_SSL_MODE,
  DATABASE_SSL_CA,
});

describe('TLS to PostgreSQL (R1.7)', () => {
  let postgres: TlsPostgres;
  let ours: TestAuthority;
  let others: TestAuthority;
  beforeAll(async () => {
    postgres = await startTlsPostgres();
    ours = new TestAuthority(postgres.folder, 'ours');
    others = new TestAuthority(postgres.folder, 'others');
    await postgres.show(ours.sign('DNS:localhost'));
  });
  afterAll(() => postgres.stop());

  /** What is said instead of a connection. */
  async function refusal(url: string, ssl: Ssl): Promise<string> {
    const error: unknown = await migrate(url, ssl).catch((reason: unknown) => reason);
    if (!(error instanceof OperationalError)) throw new Error(`Not as it should be: ${String(error)}`);
    expect(error.message).not.toContain(new URL(url).password);
    return error.message;
  }

  describe('an engine', () => {
    let engine: TestEngine;
    beforeAll(async () => {
      const env = { DATABASE_SSL_MODE: 'verify-full', DATABASE_SSL_CA: ours.file };
      await migrate(postgres.url('localhost'), mode('verify-full', ours.file));
      engine = await startTestEngine({ DATABASE_URL: postgres.url('localhost'), ...env }, [ListenerModule]);
    });
    afterAll(() => engine.stop());

    it('works, with no connection in the clear', async () => {
      const labels = { alertname: 'Down', severity: 'critical' };
      const sent = await engine.api('POST', '/ingest/prometheus/api/v2/alerts', { body: [{ labels }] });
      expect(sent.status).toBe(200);
      const { heard } = engine.app.get(Listener, { strict: false });
      await until(() => heard.length > 0, { description: 'the alert to be announced' });
      const connections = await postgres.query<{ name: string; ssl: boolean; version: string | null }>(
        `SELECT application_name AS name, ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE backend_type = 'client backend' AND application_name <> 'the test'`,
      );
      expect(connections.filter(({ ssl }) => !ssl)).toEqual([]);
      const names = new Set(connections.map(({ name }) => name));
      // The pool, the job queue and its LISTEN connection, and the one of live updates.
      expect([...names].toSorted()).toEqual(['aiops', 'aiops-jobs', 'aiops-live']);
      expect(new Set(connections.map(({ version }) => version))).toEqual(new Set(['TLSv1.3']));
    });

    it('is healthy', async () => {
      const health = await fetch(`${engine.url}/health`);
      expect(health.status).toBe(200);
      expect(await health.text()).not.toMatch(/ssl|tls|certificate/i);
    });
  });

  it('with `require` takes any certificate, and with a file only those of its authorities', async () => {
    await migrate(postgres.url('127.0.0.1'), mode('require'));
    await migrate(postgres.url('127.0.0.1'), mode('require', ours.file));
    expect(await refusal(postgres.url('127.0.0.1'), mode('require', others.file))).toContain('not trusted');
  });

  it('with the wrong authority is refused, and says which file lacks it', async () => {
    const said = await refusal(postgres.url('localhost'), mode('verify-full', others.file));
    expect(said).toContain('signed by an authority that is not trusted');
    expect(said).toContain(`${others.file} (DATABASE_SSL_CA) does not hold it`);
    expect(await refusal(postgres.url('localhost'), mode('verify-full'))).toContain('Set DATABASE_SSL_CA');
  });

  it('with an authority of the same name and another key is refused', async () => {
    const impostor = new TestAuthority(join(postgres.folder, 'data'), 'ours');
    expect(await refusal(postgres.url('localhost'), mode('verify-full', impostor.file))).toContain(
      'not trusted',
    );
  });

  it('under a name that the certificate does not have is refused, addresses included', async () => {
    const said = await refusal(postgres.url('127.0.0.1'), mode('verify-full', ours.file));
    expect(said).toContain('is for another name');
    expect(said).toContain('one made for 127.0.0.1');
    await postgres.show(ours.sign('DNS:db.example.com,IP:127.0.0.1'));
    await migrate(postgres.url('127.0.0.1'), mode('verify-full', ours.file));
    const named = await refusal(postgres.url('localhost'), mode('verify-full', ours.file));
    expect(named).toContain('DNS:db.example.com');
  });

  it('with a certificate that has expired is refused', async () => {
    await postgres.show(ours.sign('DNS:localhost', -1));
    expect(await refusal(postgres.url('localhost'), mode('verify-full', ours.file))).toContain('has expired');
    expect(await refusal(postgres.url('localhost'), mode('require', ours.file))).toContain('has expired');
  });

  it('is told apart from a server that has none, or that wants it', async () => {
    const plain = await migratedDatabase();
    const said = await refusal(plain.url, mode('require'));
    expect(said).toContain('offers no TLS, and DATABASE_SSL_MODE=require wants it');
    await plain.drop();
    const [hba] = await postgres.query<{ file: string }>(`SELECT current_setting('hba_file') AS file`);
    writeFileSync(hba?.file ?? '', 'hostssl all all all scram-sha-256\n');
    await postgres.query('SELECT pg_reload_conf()');
    await until(
      async () =>
        migrate(postgres.url('localhost'), mode('disable')).then(
          () => null,
          (error: Error) => error.message.includes('no unencrypted connections'),
        ),
      { description: 'the server to want TLS' },
    );
  });

  it('and all else that keeps from connecting says what to do', async () => {
    const wrong = new URL(postgres.url('localhost'));
    wrong.password = 'not-the-password';
    await postgres.show(ours.sign('DNS:localhost'));
    const ssl = mode('verify-full', ours.file);
    expect(await refusal(wrong.href, ssl)).toContain('refused the user, the password or this machine');
    const elsewhere = new URL(postgres.url('localhost'));
    elsewhere.pathname = '/no%20such';
    expect(await refusal(elsewhere.href, ssl)).toContain('no database "no such"');
    elsewhere.port = '1';
    expect(await refusal(elsewhere.href, ssl)).toContain('cannot be reached (ECONNREFUSED)');
  });

  it('wants a file of certificates, which is checked with the other settings', () => {
    const file = join(postgres.folder, 'notes.pem');
    const problems = (text: string): string => {
      writeFileSync(file, text);
      try {
        readSettings({ APP_ENV: 'test', PORT: 'http', DATABASE_SSL_CA: file });
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(problems('not a certificate')).toMatch(
      /PORT:.*\n.*DATABASE_SSL_CA: .* holds no certificate in PEM form/,
    );
    const damaged = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect(problems(damaged)).toContain('holds a certificate (no. 1) that is damaged');
    expect(() => readSettings({ APP_ENV: 'test', DATABASE_SSL_CA: ours.file })).not.toThrow();
  });
});
