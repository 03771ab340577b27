import fc from 'fast-check';

const FRAGMENTS = [
  "'", '"', '\\', '`', '$', '$(touch PWNED)', '`touch PWNED`', '${IFS}', ';touch PWNED;', '|touch PWNED', '&touch PWNED&', '\n', '\ntouch PWNED\n',
  '\r', '\t', ' ', '#', '!', '!!', '~', '*', '?', '[a-z]', '{a,b}', '(', ')', '<', '>', '>PWNED', '-', '--', '-rf', '=', ':', '%s', '%n',
  '\\n', "\\'", '\\"', '\\$', '$$', '$@', '$1', '$HOME', '${', '$((1+1))', "$'\\n'", "'\"'\"'", '&&', '||', ';;', '<<EOF', 'EOF', '@', '^', ',',
  '\u0001', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\u00a0', '\u2018', '\u2019', '\u201c', '\u201d', '\u2028', '\ufeff', 'ü', '漢字', '🔥', 'a', 'nginx',
];

/** Text as an attacker would write it: pieces of shell syntax among any characters but NUL, which no argument can hold. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 6 })
  .map((parts) => parts.join('').replaceAll('\0', ''));

export const FIXED_VALUES = ['', ...FRAGMENTS, ...FRAGMENTS.map((fragment) => `x${fragment}`), ...FRAGMENTS.map((fragment) => `${fragment}x`)];
