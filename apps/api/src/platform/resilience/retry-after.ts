/**
 * Milliseconds that a `Retry-After` header asks for (RFC 9110, section 10.2.3: seconds, or an HTTP date); undefined when
 * there is none that can be read. `now` is in milliseconds since 1970.
 */
export function retryAfterMs(header: string | string[] | null | undefined, now: number): number | undefined {
  const text = [header].flat()[0]?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Every form of an HTTP date begins with the name of a day; Date.parse takes much more than those.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
