import { id, ids } from './example-values.js';

const apiKey = {
  id: id(12),
  name: 'Alertmanager of the data centre',
  description: 'posts alerts, nothing else',
  hint: 'aiops_Xk3f***',
  role: 'viewer',
  scopes: ['ingest'],
  last_used_from: '192.0.2.17',
  replaced_by: null,
  warnings: [],
};

const invitation = {
  id: id(22),
  kind: 'invitation',
  username: 'jonas',
  display_name: 'Jonas Lind',
  email: 'jonas@example.com',
  role: 'responder',
  state: 'open',
  expires_at: '2026-02-03T12:00:00.000Z',
  accepted_at: null,
};

const passkey = {
  id: id(24),
  name: 'Laptop',
  synced: true,
  last_used_at: '2026-01-31T12:00:00.000Z',
  created_at: '2026-01-31T12:00:00.000Z',
};

const challengeToken = 'Xk3fQmB7pV0dL2sN9aYtRw';

/** Of people and programs, and of how they come in. */
export const accessComponents: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ApiKey: apiKey,
  ApiKeyCreated: {
    ...apiKey,
    key: 'aiops_Xk3fQmB7…',
  },
  Factors: {
    totp: { confirmed_at: '2026-01-31T12:00:00.000Z' },
    passkeys: [passkey],
    recovery_codes_left: 9,
    required: true,
    missing: false,
    passkeys_unavailable: null,
  },
  FactorAdded: { recovery_codes: ['7q2k-x0mf-93dp', 'r4tb-1hzs-c8nw'] },
  Passkey: passkey,
  PasskeyAssertion: { id: 'n2wQxYk3fQmB7pV0dL2sN9aYtRw' },
  PasskeyRegistration: { id: 'n2wQxYk3fQmB7pV0dL2sN9aYtRw' },
  PasskeyChallenge: {
    token: challengeToken,
    options: { challenge: 'Y2hhbGxlbmdl', rpId: 'aiops.example.com' },
  },
  RecoveryCodes: { recovery_codes: ['7q2k-x0mf-93dp', 'r4tb-1hzs-c8nw'] },
  TotpSecret: {
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    uri: 'otpauth://totp/AIOps:maria?issuer=AIOps&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
  },
  Session: {
    id: id(30),
    address: '192.0.2.44',
    device: 'Firefox on Linux',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    methods: ['pwd'],
    created_at: '2026-01-31T11:40:00.000Z',
    last_active_at: '2026-01-31T12:01:00.000Z',
    expires_at: '2026-03-02T11:40:00.000Z',
    current: true,
  },
  Invitation: invitation,
  InvitationCreated: {
    ...invitation,
    link: 'https://aiops.example.com/welcome#kQ3…',
    sending: { sent: true, detail: 'Sent to jonas@example.com.' },
  },
  InvitationPreview: invitation,
  SignInMethods: { oidc: { label: 'Example ID', path: '/api/v1/auth/oidc/start' } },
  SigningKey: { kid: id(21), source: 'database', created_at: '2026-01-31T12:00:00.000Z' },
  ApiKeyInput: { scopes: ['ingest'] },
  UserInput: { username: 'jonas', display_name: 'Jonas Lind' },
  User: { id: ids.user, role: 'responder' },
};
