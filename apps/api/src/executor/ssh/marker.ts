/** Login scripts may print before our launcher does; more than this without its line is not ours. */
const SEARCH_LIMIT = 64 * 1024;

/**
 * Takes the launcher's first line, `<nonce> <process group>`, out of the output. Feeds on chunks as they come and gives
 * back what belongs to the command; whatever login scripts printed before the line is dropped.
 */
export class MarkerFilter {
  private held = Buffer.alloc(0);
  private found = false;
  private tell: (group: number | undefined) => void = () => undefined;
  /** Process group of the command; undefined when the output ended without naming one. */
  readonly group: Promise<number | undefined>;

  constructor(private readonly nonce: string) {
    this.group = new Promise((resolve) => (this.tell = resolve));
  }

  push(chunk: Buffer): Buffer {
    if (this.found) return chunk;
    this.held = Buffer.concat([this.held, chunk]);
    const start = this.held.indexOf(`${this.nonce} `);
    const end = start < 0 ? -1 : this.held.indexOf('\n', start);
    if (end < 0) {
      if (this.held.length <= SEARCH_LIMIT) return Buffer.alloc(0);
      return this.release(this.held);
    }
    const group = Number(
      this.held
        .subarray(start + this.nonce.length + 1, end)
        .toString('ascii')
        .trim(),
    );
    this.tell(Number.isInteger(group) && group > 1 ? group : undefined);
    return this.release(this.held.subarray(end + 1));
  }

  /** What is still held when the output ends: no marker came, so all of it is output. */
  end(): Buffer {
    return this.found ? Buffer.alloc(0) : this.release(this.held);
  }

  private release(rest: Buffer): Buffer {
    this.found = true;
    this.tell(undefined);
    this.held = Buffer.alloc(0);
    return rest;
  }
}
