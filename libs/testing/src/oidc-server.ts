import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** Somebody whom the provider knows: their subject, and everything else that it says of them. */
export interface OidcPerson {
  sub: string;
  [claim: string]: unknown;
}

export interface OidcServerOptions {
  clientId: string;
  clientSecret: string;
  /** Where the application is open to browsers; its callback and its page after signing out lie below. */
  appUrl: string;
  callbackPath: string;
}

/** A certified OpenID Connect provider over real HTTP; whoever comes is signed in as who the test says. */
export interface OidcServer {
  issuer: string;
  /** Who signs in from now on; null: they press “cancel”. */
  signInAs(person: OidcPerson | null): void;
  /** Whether claims stand in the ID token, as with most providers, or in the user info alone. */
  claimsIn: 'id_token' | 'userinfo';
  /** What it signs ID tokens with (RS256). */
  signingKey: webcrypto.JsonWebKey & { kid: string };
  /** Changes ID tokens on their way out; null: they go as they are. */
  changeIdToken: ((token: string) => Promise<string>) | null;
  /** Answers everything with 503 from now on, or not any more. */
  break(broken: boolean): void;
  stop(): Promise<void>;
}

/** Starts a provider on a free loopback port. */
export async function startOidcServer(options: OidcServerOptions): Promise<OidcServer> {
  const people = new Map<string, OidcPerson>();
  let next: OidcPerson | null = null;
  let broken = false;
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oidc: OidcServer = {
    issuer,
    claimsIn: 'id_token',
    signingKey: newSigningKey(),
    changeIdToken: null,
    signInAs: (person) => {
      next = person;
      if (person !== null) people.set(person.sub, person);
    },
    break: (now) => {
      broken = now;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  const provider = new Provider(issuer, configurationOf(options, oidc, people));
  provider.use(async (ctx, next) => {
    await next();
    const body = ctx.body as { id_token?: string } | undefined;
    if (oidc.changeIdToken === null || body?.id_token === undefined) return;
    body.id_token = await oidc.changeIdToken(body.id_token);
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (broken) response.writeHead(503).end();
    else if (request.url?.startsWith('/interaction/') === true) void interact(request, response);
    else void handle(request, response);
  });
  return oidc;

  async function interact(...[request, response]: Parameters<typeof handle>): Promise<void> {
    const result =
      next === null
        ? { error: 'access_denied', error_description: 'They pressed cancel' }
        : { login: { accountId: next.sub, remember: false } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
}

function newSigningKey(): OidcServer['signingKey'] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'a key of the provider', use: 'sig', alg: 'RS256' };
}

const claimNames = [
  'name',
  'given_name',
  'preferred_username',
  'email',
  'email_verified',
  'roles',
  'realm_access',
];

function configurationOf(
  { clientId, clientSecret, appUrl, callbackPath }: OidcServerOptions,
  oidc: OidcServer,
  people: ReadonlyMap<string, OidcPerson>,
): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [new URL(callbackPath, appUrl).href],
        post_logout_redirect_uris: [new URL('/', appUrl).href],
      },
    ],
    claims: { openid: ['sub', ...claimNames], profile: [], email: [] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, userinfo: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ['a key of a provider in a test'] },
    jwks: { keys: [oidc.signingKey] },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: (use) => {
        const all = people.get(sub) ?? { sub };
        return use === 'id_token' && oidc.claimsIn === 'userinfo' ? { sub } : all;
      },
    }),
    // Everything that the application asks for is granted; nobody is asked.
    loadExistingGrant: async (ctx) => {
      const accountId = ctx.oidc.session?.accountId;
      const grant = new ctx.oidc.provider.Grant({
        clientId,
        ...(accountId === undefined ? {} : { accountId }),
      });
      grant.addOIDCScope('openid profile email');
      grant.addOIDCClaims(claimNames);
      await grant.save();
      return grant;
    },
  };
}
