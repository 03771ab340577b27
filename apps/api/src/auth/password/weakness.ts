/** Who the password is for: what everybody knows of them is no secret. */
export interface PasswordOwner {
  username: string;
  displayName?: string | undefined;
}

/** Beginnings of what people take most often; longer ones first, so that `administrator` leaves nothing of itself. */
const commonWords = [
  ...['administrator', 'iloveyou', 'password', 'passwort', 'kennwort', 'sunshine', 'princess', 'football'],
  ...[
    'baseball',
    'superman',
    'starwars',
    'whatever',
    'computer',
    'internet',
    'trustno',
    'pokemon',
    'letmein',
  ],
  ...['changeme', 'minecraft', 'welcome', 'default', 'freedom', 'charlie', 'michael', 'company', 'january'],
  ...[
    'february',
    'september',
    'october',
    'november',
    'december',
    'monday',
    'tuesday',
    'wednesday',
    'thursday',
  ],
  ...['friday', 'saturday', 'sunday', 'summer', 'winter', 'spring', 'autumn', 'secret', 'master', 'monkey'],
  ...[
    'dragon',
    'shadow',
    'soccer',
    'hockey',
    'killer',
    'jordan',
    'server',
    'batman',
    'access',
    'august',
    'admin',
  ],
  ...[
    'login',
    'guest',
    'hello',
    'march',
    'april',
    'aiops',
    'root',
    'test',
    'temp',
    'user',
    'pass',
    'love',
    'june',
  ],
  ...['july', 'abc', '123'],
];

/** Rows of keyboards, up and down them, the alphabet and digits; read either way. */
const rows = [
  ...['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl'],
  ...['qsdfghjklm', 'zxcvbnm', 'yxcvbnm', 'wxcvbn', '1qaz2wsx3edc4rfv5tgb6yhn7ujm', '1q2w3e4r5t6y7u8i9o0p'],
].flatMap((row) => [row, [...row].reverse().join('')]);
const SHORTEST_RUN = 4;

/** What must be left when all that is known is taken out. */
const LEAST_OWN = 6;
const LEAST_VARIETY = 5;

/**
 * Why a password is among the first that somebody would try, or null (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0,
 * 6.2.4 and 6.2.11). It asks for no kinds of characters: ASVS 6.2.5 forbids that, and it makes nothing harder to guess.
 */
export function weaknessOf(password: string, owner: PasswordOwner): string | null {
  const plain = password.toLowerCase();
  if (new Set(plain).size < LEAST_VARIETY || isRepeated(plain)) return 'It repeats itself.';
  const known = [...partsOf(owner), ...commonWords];
  const own = [plain, unleet(plain)].map((text) => squeezed(withoutRuns(without(text, known))).length);
  if (Math.min(...own) >= LEAST_OWN) return null;
  return 'It is easy to guess: a common word, a name, or keys in a row, and little else.';
}

/** `abcabcabcabc`: some block, again and again. */
const isRepeated = (text: string): boolean => /^(.+?)\1+$/s.test(text) && shortestBlock(text) < LEAST_OWN * 2;

const shortestBlock = (text: string): number => (text + text).indexOf(text, 1);

const partsOf = ({ username, displayName = '' }: PasswordOwner): string[] =>
  [username, ...username.split(/[._@-]/), ...displayName.split(/\s+/)]
    .map((part) => part.toLowerCase())
    .filter((part) => part.length >= SHORTEST_RUN)
    .sort((a, b) => b.length - a.length);

const without = (text: string, words: readonly string[]): string =>
  words.reduce((rest, word) => rest.replaceAll(word, ''), text);

/** `P4ssw0rd` is read as `password`. */
const unleet = (text: string): string =>
  text.replaceAll(/[0134578@$!]/g, (sign) => ({ ...leet })[sign] ?? sign);
const leet: Record<string, string> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b' },
  ...{ '@': 'a', $: 's', '!': 'i' },
};

/** Takes out all stretches of at least four neighbours. */
function withoutRuns(text: string): string {
  let rest = '';
  for (let at = 0; at < text.length;) {
    const length = runAt(text, at);
    if (length < SHORTEST_RUN) rest += text[at];
    at += length < SHORTEST_RUN ? 1 : length;
  }
  return rest;
}

function runAt(text: string, at: number): number {
  let length = 1;
  while (at + length < text.length && rows.some((row) => row.includes(text.slice(at, at + length + 1)))) {
    length += 1;
  }
  return length;
}

const squeezed = (text: string): string => text.replaceAll(/(.)\1+/gs, '$1');
