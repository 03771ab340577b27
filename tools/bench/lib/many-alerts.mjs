import pg from 'pg';

const BATCH = 50_000;

/**
 * So many stored alerts: the sizes and the spread of values that a busy year leaves behind. Written straight into the
 * table, since it is the reading that is measured; four in five are resolved.
 */
const INSERT = `
  INSERT INTO alerts (id, fingerprint, source, alert_name, severity, severity_rank, status, labels, annotations,
    generator_url, extras, truncated_alerts, content_hash, starts_at, ends_at, last_received_at, occurrences, expires_at,
    expiry_is_timeout, check_at, acknowledged_by, acknowledged_at, resolved_at, remediation, first_status, created_at,
    updated_at)
  SELECT uuidv7(made.at - now()), lpad(to_hex(n), 16, '0'), 'alertmanager', 'Alert' || n % 200,
    (ARRAY['info', 'warning', 'high', 'critical'])[n % 4 + 1], n % 4 + 1, made.status,
    jsonb_build_object('alertname', 'Alert' || n % 200, 'instance', 'web-' || n || ':9100', 'job', 'job-' || n % 50,
      'team', 'team-' || n % 20),
    jsonb_build_object('summary', '99th percentile of request latency is above 1 s', 'description',
      'The value is ' || n % 97 || ' s, for 5 minutes'),
    NULL, '{}', 0, md5(n::text), made.at, CASE WHEN made.status = 'resolved' THEN made.at + interval '5 minutes' END,
    made.at, 1, NULL, false, NULL, NULL, NULL,
    CASE WHEN made.status = 'resolved' THEN made.at + interval '5 minutes' END, 'none', 'firing', made.at, made.at
  FROM generate_series($1::int, $2::int) AS n
  CROSS JOIN LATERAL (
    SELECT date_trunc('milliseconds', now() - interval '1 year') + n * interval '30 seconds' AS at,
      CASE WHEN n % 5 = 0 THEN 'firing' ELSE 'resolved' END AS status
  ) AS made`;

export async function fillAlerts(url, count) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let from = 1; from <= count; from += BATCH) {
      await client.query(INSERT, [from, Math.min(from + BATCH - 1, count)]);
    }
    await client.query('VACUUM ANALYZE alerts');
  } finally {
    await client.end();
  }
}
