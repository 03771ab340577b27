const WIDTH = 17;
const HEIGHT = 9;
/** From "never visited" on: how often the bishop was there; then the start and the end. */
const MARKS = ' .o+=*BOX@%&#/^';

const typeNames: Record<string, string> = {
  'ssh-ed25519': 'ED25519',
  'ssh-rsa': 'RSA',
  'ecdsa-sha2-nistp256': 'ECDSA',
  'ecdsa-sha2-nistp384': 'ECDSA',
  'ecdsa-sha2-nistp521': 'ECDSA',
};

/**
 * The picture that `ssh-keygen -lv` draws of a key, so that both can be laid side by side: the walk of the "drunken
 * bishop" over a board of 17 by 9 squares (OpenSSH, fingerprint_randomart in sshkey.c). Made of the fingerprint alone; the
 * title says `?` where the key itself is not known.
 */
export function randomart(
  fingerprint: string,
  { algorithm, bits }: { algorithm: string | null; bits: number | null },
): string {
  const digest = Buffer.from(fingerprint.replace(/^SHA256:/, ''), 'base64');
  const name = algorithm === null ? '?' : (typeNames[algorithm] ?? algorithm);
  const title = bits === null ? `[${name}]` : `[${name} ${bits}]`;
  const rows = walk(digest).map((row) => `|${row}|`);
  return [frame(title.length > WIDTH ? `[${name}]` : title), ...rows, frame('[SHA256]')].join('\n');
}

function walk(digest: Buffer): string[] {
  const visits = Array.from({ length: HEIGHT }, () => new Array<number>(WIDTH).fill(0));
  let x = Math.floor(WIDTH / 2);
  let y = Math.floor(HEIGHT / 2);
  for (const byte of digest) {
    // Two bits are one step, the lowest first: bit 0 right or left, bit 1 down or up. Walls are slid along.
    for (let shift = 0; shift < 8; shift += 2) {
      x = clamp(x + ((byte >> shift) & 1 ? 1 : -1), WIDTH);
      y = clamp(y + ((byte >> shift) & 2 ? 1 : -1), HEIGHT);
      const row = visits[y];
      if (row !== undefined) row[x] = (row[x] ?? 0) + 1;
    }
  }
  const mark = (column: number, line: number): string => {
    if (column === x && line === y) return 'E';
    if (column === Math.floor(WIDTH / 2) && line === Math.floor(HEIGHT / 2)) return 'S';
    return MARKS[Math.min(visits[line]?.[column] ?? 0, MARKS.length - 1)] ?? ' ';
  };
  return visits.map((row, line) => row.map((_count, column) => mark(column, line)).join(''));
}

const clamp = (value: number, size: number): number => Math.max(0, Math.min(value, size - 1));

/** The title in the middle of a line of dashes; an odd dash goes to its right. */
function frame(title: string): string {
  const left = Math.floor((WIDTH - title.length) / 2);
  return `+${'-'.repeat(left)}${title}${'-'.repeat(WIDTH - title.length - left)}+`;
}
