import {
  alert,
  apiKey,
  askedExecution,
  channel,
  credential,
  failedOperation,
  flag,
  hostKey,
  invitation,
  invited,
  knownHost,
  made,
  madePolicy,
  madeRunbook,
  provider,
  publicKey,
  rule,
  runbook,
  signedIn,
  stuckExecution,
  target,
  unique,
  user,
  type World,
} from './change-makers.fixture.js';

/** The call of a route that changes something; what it needs has been made before. */
export interface Change {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  token?: string | null;
}

/** Routes that people change nothing of the engine with. Keep it short: whatever else changes is audited. */
export const exceptions: Record<string, string> = {
  'POST /ingest/alertmanager': 'senders tell what happened; it is on the timeline of the alert',
  'POST /ingest/generic/{source}': 'as above',
  'POST /ingest/prometheus/api/v2/alerts': 'as above',
  'POST /known-hosts/preview': 'a question',
  'POST /auth/invitations/preview': 'a question',
  'POST /auth/confirm': 'it changes nothing but how recently somebody proved who they are',
  'POST /auth/factors/passkeys/options': 'a question',
  'POST /auth/factors/totp': 'counts for nothing before it is confirmed, and then it is audited',
  'POST /auth/login/passkey/options': 'a question',
  'POST /auth/refresh': 'a session goes on, and its beginning and end are audited',
  'POST /rules/test': 'a question',
  'POST /runbooks/validate': 'a question',
};

/** For every route that changes something: how it is called so that it does. */
export const changes: Record<string, (world: World) => Promise<Change>> = {
  'POST /alerts/bulk/acknowledge': async (w) => ({
    path: '/alerts/bulk/acknowledge',
    body: { ids: [await alert(w)] },
  }),
  'POST /alerts/bulk/delete': async (w) => ({ path: '/alerts/bulk/delete', body: { ids: [await alert(w)] } }),
  'POST /alerts/bulk/resolve': async (w) => ({
    path: '/alerts/bulk/resolve',
    body: { ids: [await alert(w)] },
  }),
  'POST /alerts/{id}/acknowledge': async (w) => ({ path: `/alerts/${await alert(w)}/acknowledge` }),
  'POST /alerts/{id}/analyze': async (w) => ({ path: `/alerts/${await alert(w)}/analyze` }),
  'POST /alerts/{id}/resolve': async (w) => ({ path: `/alerts/${await alert(w)}/resolve` }),
  'POST /alerts/{id}/unacknowledge': async (w) => {
    const id = await alert(w);
    await w.api('POST', `/alerts/${id}/acknowledge`);
    return { path: `/alerts/${id}/unacknowledge` };
  },
  'POST /api-keys': () => Promise.resolve({ path: '/api-keys', body: apiKey() }),
  'PATCH /api-keys/{id}': async ({ api }) => ({
    path: `/api-keys/${await made(api, '/api-keys', apiKey())}`,
    body: { role: 'engineer' },
  }),
  'DELETE /api-keys/{id}': async ({ api }) => ({
    path: `/api-keys/${await made(api, '/api-keys', apiKey())}`,
  }),
  'POST /api-keys/{id}/rotate': async ({ api }) => ({
    path: `/api-keys/${await made(api, '/api-keys', apiKey())}/rotate`,
  }),
  'POST /auth/invitations/accept': async (w) => ({
    path: '/auth/invitations/accept',
    body: { token: (await invited(w)).token, password: 'not-to-be-seen-at-all' },
    token: null,
  }),
  'POST /invitations': () => Promise.resolve({ path: '/invitations', body: invitation() }),
  'POST /invitations/{id}/resend': async (w) => ({ path: `/invitations/${(await invited(w)).id}/resend` }),
  'DELETE /invitations/{id}': async (w) => ({ path: `/invitations/${(await invited(w)).id}` }),
  'POST /users/{id}/password-reset': async ({ api }) => ({
    path: `/users/${await made(api, '/users', user())}/password-reset`,
    body: {},
  }),
  'POST /auth/login': async ({ api }) => {
    const { username, password, ...rest } = user();
    await made(api, '/users', { username, password, ...rest });
    return { path: '/auth/login', body: { username, password }, token: null };
  },
  'POST /auth/logout': async (w) => ({ path: '/auth/logout', token: (await signedIn(w)).token }),
  'POST /auth/logout-all': async (w) => ({ path: '/auth/logout-all', token: (await signedIn(w)).token }),
  'DELETE /auth/sessions': async (w) => {
    const { credentials, token } = await signedIn(w);
    await w.api('POST', '/auth/login', { token: null, body: credentials });
    return { path: '/auth/sessions', token };
  },
  'POST /auth/password': async ({ api }) => {
    const { username, password, role } = user();
    await made(api, '/users', { username, password, role });
    const { body } = await api<{ access_token: string }>('POST', '/auth/login', {
      token: null,
      body: { username, password },
    });
    const next = { current_password: password, new_password: 'another-not-to-be-seen' };
    return { path: '/auth/password', body: next, token: body.access_token };
  },
  'DELETE /auth/sessions/{id}': async (w) => {
    const { token } = await signedIn(w);
    const { body } = await w.api<{ data: { id: string }[] }>('GET', '/auth/sessions', { token });
    return { path: `/auth/sessions/${body.data[0]?.id ?? ''}`, token };
  },
  'POST /credentials': () => Promise.resolve({ path: '/credentials', body: credential() }),
  'PATCH /credentials/{id}': async ({ api }) => ({
    path: `/credentials/${await made(api, '/credentials', credential())}`,
    body: { secret: 'another-not-to-be-seen' },
  }),
  'DELETE /credentials/{id}': async ({ api }) => ({
    path: `/credentials/${await made(api, '/credentials', credential())}`,
  }),
  'POST /credentials/{id}/reveal': async ({ api }) => ({
    path: `/credentials/${await made(api, '/credentials', credential())}/reveal`,
    body: { reason: 'to see it once' },
  }),
  'POST /credentials/{id}/rotate': async ({ api }) => ({
    path: `/credentials/${await made(api, '/credentials', credential())}/rotate`,
    body: { secret: 'another-not-to-be-seen' },
  }),
  'POST /executions/bulk/cancel': async (w) => ({
    path: '/executions/bulk/cancel',
    body: { ids: [await askedExecution(w)] },
  }),
  'POST /executions/{id}/approve': async (w) => ({ path: `/executions/${await askedExecution(w)}/approve` }),
  'POST /executions/{id}/cancel': async (w) => ({ path: `/executions/${await askedExecution(w)}/cancel` }),
  'POST /executions/{id}/reject': async (w) => ({ path: `/executions/${await askedExecution(w)}/reject` }),
  'POST /executions/{id}/resume': async (w) => ({
    path: `/executions/${await stuckExecution(w)}/resume`,
    body: { decision: 'abort' },
  }),
  'POST /failed-operations/bulk/discard': async (w) => ({
    path: '/failed-operations/bulk/discard',
    body: { ids: [await failedOperation(w)] },
  }),
  'POST /failed-operations/bulk/retry': async (w) => ({
    path: '/failed-operations/bulk/retry',
    body: { ids: [await failedOperation(w)] },
  }),
  'POST /failed-operations/{id}/discard': async (w) => ({
    path: `/failed-operations/${await failedOperation(w)}/discard`,
  }),
  'POST /failed-operations/{id}/retry': async (w) => ({
    path: `/failed-operations/${await failedOperation(w)}/retry`,
  }),
  'POST /feature-flags': () => Promise.resolve({ path: '/feature-flags', body: flag() }),
  'PATCH /feature-flags/{key}': async ({ api }) => {
    const { key } = flag();
    await made(api, '/feature-flags', { key });
    return { path: `/feature-flags/${key}`, body: { enabled: true } };
  },
  'DELETE /feature-flags/{key}': async ({ api }) => {
    const { key } = flag();
    await made(api, '/feature-flags', { key });
    return { path: `/feature-flags/${key}` };
  },
  'PUT /ingest-mappings/{source}': () =>
    Promise.resolve({ path: `/ingest-mappings/${unique('source')}`, body: { alert_name: 'title' } }),
  'DELETE /ingest-mappings/{source}': async ({ api }) => {
    const path = `/ingest-mappings/${unique('source')}`;
    await api('PUT', path, { body: {} });
    return { path };
  },
  'POST /known-hosts': () => Promise.resolve({ path: '/known-hosts', body: knownHost() }),
  'POST /known-hosts/import': () => {
    const { hosts, public_key } = knownHost();
    return Promise.resolve({
      path: '/known-hosts/import',
      body: { content: `@cert-authority ${hosts} ${public_key}` },
    });
  },
  'DELETE /known-hosts/{id}': async ({ api }) => ({
    path: `/known-hosts/${await made(api, '/known-hosts', knownHost())}`,
  }),
  'POST /llm-providers': () => Promise.resolve({ path: '/llm-providers', body: provider() }),
  'PUT /llm-providers/{id}': async ({ api }) => ({
    path: `/llm-providers/${await made(api, '/llm-providers', provider())}`,
    body: provider(),
  }),
  'DELETE /llm-providers/{id}': async ({ api }) => ({
    path: `/llm-providers/${await made(api, '/llm-providers', provider())}`,
  }),
  'POST /llm-providers/{id}/reveal': async ({ api }) => ({
    path: `/llm-providers/${await made(api, '/llm-providers', provider())}/reveal`,
    body: { reason: 'to see it once' },
  }),
  'POST /llm-providers/{id}/test': async ({ api }) => ({
    path: `/llm-providers/${await made(api, '/llm-providers', provider())}/test`,
  }),
  'POST /notification-channels': () => Promise.resolve({ path: '/notification-channels', body: channel() }),
  'PUT /notification-channels/{id}': async ({ api }) => ({
    path: `/notification-channels/${await made(api, '/notification-channels', channel())}`,
    body: channel(),
  }),
  'DELETE /notification-channels/{id}': async ({ api }) => ({
    path: `/notification-channels/${await made(api, '/notification-channels', channel())}`,
  }),
  'POST /notification-channels/{id}/reveal': async ({ api }) => ({
    path: `/notification-channels/${await made(api, '/notification-channels', channel())}/reveal`,
    body: { reason: 'to see it once' },
  }),
  'POST /notification-channels/{id}/test': async ({ api }) => ({
    path: `/notification-channels/${await made(api, '/notification-channels', channel())}/test`,
  }),
  'POST /notification-policies': async ({ api }) => ({
    path: '/notification-policies',
    body: await madePolicy(api),
  }),
  'PUT /notification-policies/{id}': async ({ api }) => {
    const policy = await madePolicy(api);
    const id = await made(api, '/notification-policies', policy);
    return { path: `/notification-policies/${id}`, body: { ...policy, enabled: false } };
  },
  'DELETE /notification-policies/{id}': async ({ api }) => ({
    path: `/notification-policies/${await made(api, '/notification-policies', await madePolicy(api))}`,
  }),
  'POST /rules': () => Promise.resolve({ path: '/rules', body: rule() }),
  'PUT /rules/{id}': async ({ api }) => ({
    path: `/rules/${await made(api, '/rules', rule())}`,
    body: rule(),
  }),
  'DELETE /rules/{id}': async ({ api }) => ({ path: `/rules/${await made(api, '/rules', rule())}` }),
  'POST /runbooks': async ({ api }) => {
    const host = target();
    await made(api, '/targets', host);
    return { path: '/runbooks', body: runbook(host.name) };
  },
  'PUT /runbooks/{id}': async ({ api }) => ({
    path: `/runbooks/${await madeRunbook(api)}`,
    body: runbook('any'),
  }),
  'DELETE /runbooks/{id}': async ({ api }) => ({ path: `/runbooks/${await madeRunbook(api)}` }),
  'PUT /runbooks/{id}/access': async ({ api }) => ({
    path: `/runbooks/${await madeRunbook(api)}/access`,
    body: {
      risk: 'high',
      run: { role: 'engineer', users: [] },
      approve: { role: 'admin', users: [] },
      self_approval: false,
    },
  }),
  'POST /runbooks/{id}/disable': async ({ api }) => ({ path: `/runbooks/${await madeRunbook(api)}/disable` }),
  'POST /runbooks/{id}/enable': async ({ api }) => ({ path: `/runbooks/${await madeRunbook(api)}/enable` }),
  'POST /runbooks/{id}/execute': async ({ api }) => ({
    path: `/runbooks/${await madeRunbook(api)}/execute`,
    body: { dry_run: true },
  }),
  'POST /signing-keys/rotate': () => Promise.resolve({ path: '/signing-keys/rotate' }),
  // One that signed nothing: the test's own token is of an older one.
  'DELETE /signing-keys/{kid}': async ({ api }) => {
    const { body } = await api<{ kid: string }>('POST', '/signing-keys/rotate');
    return { path: `/signing-keys/${body.kid}` };
  },
  'POST /targets': () => Promise.resolve({ path: '/targets', body: target() }),
  'PUT /targets/{id}': async ({ api }) => ({
    path: `/targets/${await made(api, '/targets', target())}`,
    body: target(),
  }),
  'DELETE /targets/{id}': async ({ api }) => ({ path: `/targets/${await made(api, '/targets', target())}` }),
  'POST /targets/{id}/host-keys': async ({ api }) => ({
    path: `/targets/${await made(api, '/targets', target())}/host-keys`,
    body: { key: publicKey },
  }),
  'POST /targets/{id}/host-keys/{keyId}/accept': async (w) => ({ path: `${await hostKey(w)}/accept` }),
  'POST /targets/{id}/host-keys/{keyId}/revoke': async (w) => ({
    path: `${await hostKey(w, 'accepted')}/revoke`,
  }),
  'POST /targets/{id}/test': async ({ api }) => ({
    path: `/targets/${await made(api, '/targets', target())}/test`,
  }),
  'POST /users': () => Promise.resolve({ path: '/users', body: user() }),
  'PATCH /users/{id}': async ({ api }) => ({
    path: `/users/${await made(api, '/users', user())}`,
    body: { role: 'engineer', password: 'still not to be seen' },
  }),
  'DELETE /users/{id}': async ({ api }) => ({ path: `/users/${await made(api, '/users', user())}` }),
  'DELETE /users/{id}/sessions': async (w) => ({ path: `/users/${(await signedIn(w)).id}/sessions` }),
};
