/**
 * What examples are made of. All of them tell one story: a shop on a server is down, and a runbook starts it again.
 */
export const runbookYaml = `name: restart-shop
description: Starts the shop again when it does not answer
category: linux
tags: [shop]
trigger:
  alert_name: ShopDown
steps:
  - name: Restart
    command: systemctl restart shop
verify:
  - name: It answers
    command: curl -fsS http://127.0.0.1:8080/health
`;

/** UUIDs of version 7, made at the time of the story; the same thing has the same one everywhere. */
export const id = (number: number): string => `019c1492-f000-7000-8000-${String(number).padStart(12, '0')}`;
export const ids = {
  alert: id(1),
  analysis: id(2),
  runbook: id(3),
  execution: id(4),
  target: id(5),
  credential: id(6),
  channel: id(7),
  rule: id(8),
  user: id(9),
};

export const labels = {
  alertname: 'ShopDown',
  instance: 'web-1:8080',
  service: 'shop',
  severity: 'critical',
};
export const person = { kind: 'user', id: ids.user, name: 'maria' };
export const rule = { kind: 'rule', id: ids.rule, name: 'Restart the shop' };
export const hash = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
export const sshFingerprint = 'SHA256:uNiVztksCsDhcc0u9e8BrmMdGmQgzC1p0vN7K2f3rJk';

const people = {
  acknowledged_by: 'maria',
  accepted_by: 'maria',
  created_by: 'maria',
  handled_by: null,
  requested_by: person,
  revoked_by: null,
  updated_by: 'maria',
  actor: person,
  username: 'maria',
  display_name: 'Maria Weber',
  password: 'a passphrase of five words',
  current_password: 'a passphrase of five words',
  email: 'jonas@example.com',
  token: 'kQ3…',
  new_password: 'another one of a few words',
};

const times = {
  acknowledged_at: '2026-01-31T12:01:30.000Z',
  completed_at: '2026-01-31T12:00:04.000Z',
  created_at: '2026-01-31T12:00:00.000Z',
  delivered_at: '2026-01-31T12:00:01.000Z',
  ends_at: null,
  expires_at: null,
  finished_at: '2026-01-31T12:03:12.000Z',
  handled_at: null,
  last_received_at: '2026-01-31T12:02:00.000Z',
  opened_at: null,
  resolved_at: null,
  retires_at: null,
  retry_at: null,
  revoked_at: null,
  started_at: '2026-01-31T12:02:00.000Z',
  updated_at: '2026-01-31T12:02:00.000Z',
};

const references = {
  alert_id: ids.alert,
  runbook_id: ids.runbook,
  execution_id: ids.execution,
  target_id: ids.target,
  target_ids: [ids.target],
  credential_id: ids.credential,
  channel_id: ids.channel,
  channel_ids: [ids.channel],
  ids: [ids.alert, id(10)],
  next_cursor: null,
  has_more: false,
  total_is_estimate: false,
};

/** By the name of a field, wherever it stands; `undefined` leaves an optional one out. */
export const fieldValues: Readonly<Record<string, unknown>> = {
  ...people,
  ...times,
  ...references,
  access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9…',
  alert_name: 'ShopDown',
  attestationObject: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVik',
  authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2M',
  clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
  signature: 'MEUCIQDk1v0',
  passkey_options: null,
  rawId: 'n2wQxYk3fQmB7pV0dL2sN9aYtRw',
  token: 'Xk3fQmB7pV0dL2sN9aYtRw',
  transports: ['internal'],
  userHandle: null,
  methods: ['totp', 'recovery_code'],
  code: '287082',
  category: 'linux',
  checks: { database: { status: 'up', latency_ms: 0.8 }, jobs: { status: 'up', latency_ms: 1.2 } },
  description: 'Starts the shop again when it does not answer',
  detail: 'It answered within 214 ms',
  error: 'There is no alert with this id.',
  failed: [{ id: id(10), error: 'The alert is resolved; there is nothing to acknowledge.' }],
  hash,
  labels,
  last_error: null,
  matchers: [{ name: 'alertname', op: '=', value: 'ShopDown' }],
  model: 'llama3.1',
  name: 'restart-shop',
  note: 'looking at it',
  passphrase: undefined,
  plan_hash: hash,
  provider: 'Own models',
  previous_hash: '0'.repeat(64),
  reason: 'It was the load test',
  remote_address: '192.0.2.44',
  success: [ids.alert],
  tags: ['shop'],
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  user_agent: 'curl/8.14.1',
  version: '1.0.0',
  yaml: runbookYaml,
};

/** Of answers that are no JSON, by their type. */
export const textValues: Readonly<Record<string, string>> = {
  'text/plain':
    '# TYPE aiops_alerts_by_source gauge\naiops_alerts_by_source{source="alertmanager",severity="critical"} 1\n',
  'text/csv':
    'position,occurred_at,action,outcome,actor_name\n42,2026-01-31T12:02:00.000Z,execution.approved,succeeded,maria\n',
  'application/jsonl': '{"position":42,"action":"execution.approved","outcome":"succeeded"}\n',
};
