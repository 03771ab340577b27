/** From this time on it pays: the same number as that of PostgreSQL's JDBC driver (`prepareThreshold`). */
const PREPARED_FROM = 5;
/** Each is memory of the server, on each connection. */
const MOST = 100;
/** Texts that are counted at once; statements with lists of varying length would be more and more. */
const MOST_COUNTED = 500;

/** Decides which statements of one connection are prepared, and under which names. */
export class PreparedNames {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** The name under which this text is to be run this time; null: without one. */
  of(text: string): string | null {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    const count = (this.counts.get(text) ?? 0) + 1;
    if (count < PREPARED_FROM || this.names.size === MOST) {
      if (this.counts.size === MOST_COUNTED) this.counts.clear();
      this.counts.set(text, count);
      return null;
    }
    this.counts.delete(text);
    const name = `aiops_${this.names.size + 1}`;
    this.names.set(text, name);
    return name;
  }
}
