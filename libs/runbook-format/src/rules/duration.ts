const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A year: longer waits are slips of the pen, and timers overflow not far beyond. */
const LONGEST_MS = 366 * 86_400_000;

export const DURATION_PATTERN = '^[0-9]+(ms|s|m|h|d)$';
export const DURATION_HELP = 'a duration is a whole number with a unit: 500ms, 30s, 10m, 2h or 1d';

/** Milliseconds of `500ms`, `30s`, `10m`, `2h`, `1d`; null when the text is no duration or longer than a year. */
export function parseDuration(text: string): number | null {
  const match = /^([0-9]{1,15})(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (!match || unit === undefined) return null;
  const ms = Number(match[1]) * unit;
  return ms <= LONGEST_MS ? ms : null;
}
