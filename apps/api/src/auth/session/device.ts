/**
 * What a person recognises their device by, such as "Firefox on Linux". What browsers say of themselves is a history of
 * pretending to be others (RFC 9110, 10.1.5), so that the order matters: each of these also names those below it.
 */
const browsers: readonly [pattern: RegExp, name: string][] = [
  [/\bEdgA?(iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOPiOS\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bCriOS\//, 'Chrome'],
  [/\bHeadlessChrome\//, 'Chrome'],
  [/\bChrom(e|ium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ (Mobile\/\S+ )?Safari\//, 'Safari'],
];
const systems: readonly [pattern: RegExp, name: string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
/** Programs name themselves first: `curl/8.5.0`. */
const PROGRAM = /^([A-Za-z][A-Za-z0-9._-]{0,39})(\/|\s|$)/;

const nameIn = (agent: string, names: typeof browsers): string | undefined =>
  names.find(([pattern]) => pattern.test(agent))?.[1];

/** The device behind a `User-Agent`, in words. Whoever sends it chooses it: for recognising, not for deciding. */
export function deviceName(agent: string | null): string {
  if (agent === null || agent.trim() === '') return 'Unknown device';
  const browser = nameIn(agent, browsers);
  const system = nameIn(agent, systems);
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  const program = PROGRAM.exec(agent)?.[1];
  if (program !== undefined && program !== 'Mozilla') return program;
  return system ?? 'Unknown device';
}
