/** The bytes are not what the SSH protocol says they should be. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Reads the data types of the SSH protocol (RFC 4251, section 5). Every read past the end throws a WireError. */
export class WireReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  /** How many bytes were read. */
  get position(): number {
    return this.at;
  }

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0);
  }

  uint64(): bigint {
    return this.take(8).readBigUInt64BE(0);
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  /** What was read so far. */
  before(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  private take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new WireError('it ends in the middle');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** Each part behind its length, as `string` of RFC 4251. */
export function wireStrings(...parts: (Buffer | string)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
