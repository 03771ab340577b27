import { cookieBrowser, startOidcServer, type CookieBrowser, type OidcServer } from '@aiops/testing';
import type { LoginResponse } from '@aiops/contracts';
import type { ApiAnswer, TestEngine } from '../../testing/test-engine.js';

/** Where people open the app; the tests' browser is led to the engine. */
export const APP = 'http://aiops.example';

const client = { clientId: 'aiops', clientSecret: 'a secret of the client' };

export const startProvider = (): Promise<OidcServer> =>
  startOidcServer({ ...client, appUrl: APP, callbackPath: '/api/v1/auth/oidc/callback' });

export const settingsFor = (provider: OidcServer): Record<string, string> => ({
  PUBLIC_URL: APP,
  OIDC_ISSUER: provider.issuer,
  OIDC_CLIENT_ID: client.clientId,
  OIDC_CLIENT_SECRET: client.clientSecret,
  OIDC_ROLE_MAP: 'sre-leads=admin, sre=engineer, everyone=viewer',
  OIDC_LABEL: 'Example ID',
});

export type Person = Record<string, unknown> & { sub: string };

export const browserAt = ({ url }: TestEngine): CookieBrowser => cookieBrowser({ [APP]: url });

export const startUrl = (to = '/alerts?status=firing'): string =>
  `${APP}/api/v1/auth/oidc/start?return_to=${encodeURIComponent(to)}`;

/** Follows where the browser is sent until `stop` says so; gives the address then. */
async function walk(browser: CookieBrowser, from: string, stop: (url: URL) => boolean): Promise<string> {
  let address = from;
  for (let hop = 0; hop < 10 && (hop === 0 || !stop(new URL(address))); hop += 1) {
    const answer = await browser.get(address);
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
    address = new URL(location, address).href;
  }
  return address;
}
const isCallback = ({ pathname }: URL): boolean => pathname.endsWith('/callback');
const isPage = ({ origin, pathname }: URL): boolean => origin === APP && !pathname.startsWith('/api/');

/** Goes to the provider and back, up to the address that the provider sends the browser to. */
export const toCallback = (browser: CookieBrowser, from = startUrl()): Promise<string> =>
  walk(browser, from, isCallback);
/** Signs in; gives the page of the app at which it ends. */
export const toPage = async (browser: CookieBrowser, from = startUrl()): Promise<string> =>
  (await walk(browser, from, isPage)).slice(APP.length);

/** What the app does when it opens: asks for an access token. */
export const openApp = (engine: TestEngine, browser: CookieBrowser): Promise<ApiAnswer<LoginResponse>> =>
  engine.api<LoginResponse>('POST', '/auth/refresh', {
    token: null,
    headers: { Cookie: browser.cookies(APP) },
  });
