/** Walks through the pages of several sites as a browser does: keeps each one's cookies, and follows nothing by itself. */
export interface CookieBrowser {
  get(address: string): Promise<Response>;
  /** What it would send to this site. */
  cookies(address: string): string;
  /** Takes over the cookies of another one. */
  adopt(address: string, cookies: string): void;
}

/** `aliases`: what is really called for an origin. Paths of cookies are not looked at. */
export function cookieBrowser(aliases: Readonly<Record<string, string>> = {}): CookieBrowser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (address: string): Map<string, string> => {
    const { origin } = new URL(address);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };
  const cookies = (address: string): string =>
    [...jarOf(address)].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    cookies,
    adopt: (address, text) => {
      for (const pair of text.split('; ')) keep(jarOf(address), pair);
    },
    get: async (address) => {
      const { origin, pathname, search } = new URL(address);
      const answer = await fetch((aliases[origin] ?? origin) + pathname + search, {
        redirect: 'manual',
        headers: { Cookie: cookies(address) },
      });
      for (const set of answer.headers.getSetCookie()) keep(jarOf(address), set);
      return answer;
    },
  };
}

function keep(jar: Map<string, string>, set: string): void {
  const [pair = '', ...attributes] = set.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const isGone = attributes.some((one) => /^(max-age=0|expires=thu, 01 jan 1970.*)$/i.test(one));
  if (isGone) jar.delete(pair.slice(0, at));
  else jar.set(pair.slice(0, at), pair.slice(at + 1));
}
