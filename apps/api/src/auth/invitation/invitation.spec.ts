import { startSmtpReceiver, type SmtpReceiver } from '@aiops/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type {
  InvitationCreatedDto,
  InvitationDto,
  InvitationPreviewDto,
  LoginResponse,
  PageDto,
  Problem,
  UserDto,
} from '@aiops/contracts';
import { Clock } from '../../platform/index.js';
import { startTestEngine, type TestEngine } from '../../testing/test-engine.js';

const password = 'a long enough password';
const another = 'quite another one to remember';
const APP = 'https://aiops.example';

let engine: TestEngine;
let smtp: SmtpReceiver;
beforeAll(async () => {
  smtp = await startSmtpReceiver();
  engine = await startTestEngine({ PUBLIC_URL: APP });
});
afterAll(async () => {
  await engine.stop();
  await smtp.stop();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const invite = (username: string, more: object = {}) =>
  engine.api<InvitationCreatedDto & Problem>('POST', '/invitations', {
    body: { username, role: 'responder', ...more },
  });
const tokenIn = ({ link }: { link: string }): string => link.split('#')[1] ?? '';
const preview = (token: string) =>
  engine.api<InvitationPreviewDto & Problem>('POST', '/auth/invitations/preview', {
    token: null,
    body: { token },
  });
const accept = (token: string, more: object = {}) =>
  engine.api<UserDto & Problem>('POST', '/auth/invitations/accept', {
    token: null,
    body: { token, password, ...more },
  });
const login = (username: string, secret = password) =>
  engine.api<LoginResponse>('POST', '/auth/login', { token: null, body: { username, password: secret } });
const get = (id: string) => engine.api<InvitationDto>('GET', `/invitations/${id}`);
const later = (milliseconds: number): void => {
  const then = new Date(Date.now() + milliseconds);
  vi.spyOn(engine.app.get(Clock), 'now').mockImplementation(() => then);
};
const HOUR = 3_600_000;

describe('an invitation', () => {
  it('is a link that is good once: whoever opens it chooses a password, and signs in with that', async () => {
    const { status, body, headers } = await invite('Anna', { display_name: 'Anna Example' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/invitations/${body.id}`);
    expect(body.link).toMatch(/^https:\/\/aiops\.example\/welcome#[\w-]{43}$/);
    expect(body.sending).toEqual({ sent: false, detail: expect.stringContaining('No address') as unknown });
    const seen = await preview(tokenIn(body));
    expect(seen.body).toMatchObject({ kind: 'invitation', username: 'anna', role: 'responder' });
    expect((await login('anna')).status).toBe(401);
    const accepted = await accept(tokenIn(body), { display_name: 'Anna E.' });
    expect(accepted.body).toMatchObject({ username: 'anna', display_name: 'Anna E.', role: 'responder' });
    expect((await login('anna')).body.user.must_change_password).toBe(false);
    expect((await accept(tokenIn(body), { password: another })).status).toBe(404);
    expect((await login('anna', another)).status).toBe(401);
    expect((await get(body.id)).body.state).toBe('accepted');
  });

  it('keeps its link to itself: neither the list nor the audit log nor the database has it', async () => {
    const { body } = await invite('bert');
    const list = await engine.api<PageDto<InvitationDto>>('GET', '/invitations?q=bert');
    expect(list.body.data).toEqual([
      expect.objectContaining({ username: 'bert', state: 'open', created_by: 'admin' }),
    ]);
    const audit = await engine.api<PageDto<unknown>>('GET', `/audit-log?subject_id=${body.id}`);
    expect(audit.body.data).toEqual([expect.objectContaining({ action: 'invitation.created' })]);
    for (const answer of [list, audit]) expect(JSON.stringify(answer.body)).not.toContain(tokenIn(body));
  });

  it('takes no weak password, and is not used up by one', async () => {
    const { body } = await invite('carl.example');
    expect((await accept(tokenIn(body), { password: 'carl.example1' })).body.errors?.[0]?.field).toBe(
      'password',
    );
    expect((await accept(tokenIn(body))).status).toBe(200);
  });

  it('makes one user when it is opened twice at once', async () => {
    const { body } = await invite('dora');
    const answers = await Promise.all([1, 2, 3].map(() => accept(tokenIn(body))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  });

  it('runs out, and can be sent anew with another link', async () => {
    const { body } = await invite('emil');
    later(73 * HOUR);
    expect((await preview(tokenIn(body))).status).toBe(404);
    expect((await accept(tokenIn(body))).status).toBe(404);
    vi.restoreAllMocks();
    const anew = await engine.api<InvitationCreatedDto>('POST', `/invitations/${body.id}/resend`);
    expect(tokenIn(anew.body)).not.toBe(tokenIn(body));
    expect((await accept(tokenIn(body))).status).toBe(404);
    expect((await accept(tokenIn(anew.body))).status).toBe(200);
  });

  it('can be revoked, once', async () => {
    const { body } = await invite('frida');
    expect((await engine.api('DELETE', `/invitations/${body.id}`)).status).toBe(204);
    expect((await accept(tokenIn(body))).status).toBe(404);
    expect((await engine.api('DELETE', `/invitations/${body.id}`)).status).toBe(409);
    expect((await engine.api('POST', `/invitations/${body.id}/resend`)).status).toBe(409);
    expect((await invite('frida')).status).toBe(201);
  });

  it('goes to nobody who is a user or is invited already, also when two administrators invite at once', async () => {
    expect((await invite('ADMIN')).body.detail).toContain('already a user');
    const answers = await Promise.all([invite('gina'), invite('gina')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const made = await invite('hans');
    await engine.api('POST', '/users', { body: { username: 'hans', role: 'viewer', password } });
    expect((await accept(tokenIn(made.body))).status).toBe(409);
  });

  it('says nothing of itself to who has a wrong link', async () => {
    const { body } = await preview('x'.repeat(43));
    expect(body.detail).toBe('This link is not good any more. Ask an administrator for another one.');
  });
});

describe('sending an invitation', () => {
  const channel = () =>
    engine.api<{ id: string }>('POST', '/notification-channels', {
      body: {
        name: 'Mail of the house',
        config: {
          kind: 'email',
          host: '127.0.0.1',
          port: smtp.port,
          security: 'none',
          from: 'aiops@example.com',
          to: ['team@example.com'],
        },
      },
    });

  it('says what to do when there is no mail server', async () => {
    const { body } = await invite('ida', { email: 'ida@example.com' });
    expect(body.sending).toEqual({
      sent: false,
      detail: expect.stringContaining('No e-mail channel') as unknown,
    });
    expect(body.sent_at).toBeNull();
  });

  it('goes through the mail server of the e-mail channel, to that person alone', async () => {
    const { body: made } = await channel();
    const { body } = await invite('jan', { email: 'jan@example.com' });
    expect(body.sending).toEqual({ sent: true, detail: 'Sent to jan@example.com.' });
    expect((await get(body.id)).body.sent_at).not.toBeNull();
    const [mail] = smtp.mails.filter(({ to }) => to.includes('jan@example.com'));
    expect(mail?.to).toEqual(['jan@example.com']);
    // Long lines are broken on their way (RFC 2045, 6.7).
    const text = mail?.source.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(text).toContain('admin invites you as "jan" with the role responder');
    expect(text).toContain(body.link);
    await engine.api('DELETE', `/notification-channels/${made.id}`);
  });

  it('leaves the invitation as it is when the mail server is away', async () => {
    const { body: made } = await engine.api<{ id: string }>('POST', '/notification-channels', {
      body: {
        name: 'Mail that is away',
        config: { kind: 'email', host: '127.0.0.1', port: 1, from: 'a@example.com', to: ['b@example.com'] },
      },
    });
    const { status, body } = await invite('karla', { email: 'karla@example.com' });
    expect(status).toBe(201);
    expect(body.sending.sent).toBe(false);
    expect(body.sending.detail).toContain('127.0.0.1:1');
    expect((await accept(tokenIn(body))).status).toBe(200);
    await engine.api('DELETE', `/notification-channels/${made.id}`);
  });
});

describe('a new password by an administrator', () => {
  const made = async (username: string): Promise<UserDto> =>
    (await engine.api<UserDto>('POST', '/users', { body: { username, role: 'viewer', password } })).body;
  const reset = (id: string) =>
    engine.api<InvitationCreatedDto & Problem>('POST', `/users/${id}/password-reset`, { body: {} });

  it('is chosen by the person, who is the only one to know it; then all sessions end', async () => {
    const { id } = await made('lena');
    const before = (await login('lena')).body.access_token;
    const { body } = await reset(id);
    expect((await preview(tokenIn(body))).body).toMatchObject({ kind: 'password_reset', username: 'lena' });
    expect((await engine.api('GET', '/auth/me', { token: before })).status).toBe(200);
    expect((await accept(tokenIn(body), { password: another })).status).toBe(200);
    expect((await engine.api('GET', '/auth/me', { token: before })).status).toBe(401);
    expect((await login('lena')).status).toBe(401);
    expect((await login('lena', another)).status).toBe(200);
  });

  it('is good for a day, and only by the last link', async () => {
    const { id } = await made('max');
    const [first, second] = [await reset(id), await reset(id)];
    expect((await preview(tokenIn(first.body))).status).toBe(404);
    expect((await preview(tokenIn(second.body))).status).toBe(200);
    later(25 * HOUR);
    expect((await preview(tokenIn(second.body))).status).toBe(404);
  });

  it('is nothing for who is disabled, or is disabled before they choose', async () => {
    const { id } = await made('nina');
    const { body } = await reset(id);
    await engine.api('PATCH', `/users/${id}`, { body: { disabled: true } });
    expect((await accept(tokenIn(body), { password: another })).status).toBe(404);
    expect((await reset(id)).status).toBe(409);
  });
});
