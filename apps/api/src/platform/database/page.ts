import type { Total } from './count.js';

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> extends Total {
  items: T[];
  nextCursor: string | null;
}

/** Which properties are read from the database; all when it is not said. The id always is. */
export interface Reads {
  reads?: ReadonlySet<string> | null;
}

/** What was read when not everything was asked for. */
export type Sparse<T extends { id: string }> = Partial<T> & Pick<T, 'id'>;
