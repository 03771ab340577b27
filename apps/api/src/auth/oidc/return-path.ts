const ANY_ORIGIN = 'http://app.invalid';

/**
 * Where in the app to go on after signing in: a path of the app, and for everything else the start. What a browser would
 * take for another site (`//host`, `/\host`) is none (OWASP Unvalidated Redirects and Forwards Cheat Sheet).
 */
export function returnPath(wanted: string | undefined): string {
  if (wanted === undefined || !wanted.startsWith('/') || wanted.length > 500) return '/';
  if (!URL.canParse(wanted, ANY_ORIGIN)) return '/';
  const { origin, pathname, search } = new URL(wanted, ANY_ORIGIN);
  // `/.//host` becomes `//host` once it is resolved.
  return origin === ANY_ORIGIN && !pathname.startsWith('//') ? pathname + search : '/';
}
