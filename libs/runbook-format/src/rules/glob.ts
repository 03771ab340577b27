/**
 * Matches a whole name against a glob: `*` is any run of characters, `?` exactly one; everything else is literal.
 * Greedy with a single point to return to, so the time is at most the product of both lengths.
 */
export function matchGlob(glob: string, name: string): boolean {
  const pattern = [...glob];
  const text = [...name];
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
