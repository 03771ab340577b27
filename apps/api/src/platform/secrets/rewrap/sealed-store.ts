/**
 * Where a module keeps secrets that `SecretBox` sealed: columns of a table, all of them named by code and never by
 * anybody's input. A test holds the list of all stores against the schema.
 */
export interface SealedStore {
  table: string;
  /** Primary key. */
  id: string;
  /** Id of the encryption key; null where a row has no secret. */
  keyId: string;
  sealed: string;
  /** What the secret of a row was sealed for. */
  context: (id: string) => string;
}
