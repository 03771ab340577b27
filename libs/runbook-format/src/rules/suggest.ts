/** Edit distance with neighbouring swaps, bounded by the short texts it is used for. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, cell(i - 2, j - 2) + 1);
      row.push(best);
    }
  }
  return cell(a.length, b.length);
}

/** The known word that was probably meant, or null. */
export function closest(word: string, known: Iterable<string>): string | null {
  if (word.length > 60) return null;
  const begun = (part: string, full: string): boolean => part.length > 2 && full.startsWith(part);
  const plain = (text: string): string => text.toLowerCase().replace(/[-_\s]/g, '');
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const d =
      plain(candidate) === plain(word)
        ? 0
        : begun(word, candidate)
          ? 1
          : distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `did you mean "x"?`, or the list of what is known. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = closest(word, known);
  if (guess !== null) return `did you mean "${guess}"?`;
  return known.length > 0 ? `known here: ${known.join(', ')}` : 'none is known here';
}
