/** Where a secret is kept: an environment variable, a key of a Vault KV v2 secret, or an AWS secret. */
export type SecretReference =
  | { scheme: 'env'; name: string }
  /** `path` as the HTTP API has it, with the mount and `data`: `secret/data/aiops`. */
  | { scheme: 'vault'; path: string; key: string }
  /** `id` is a name or an ARN; without a key the whole value is meant, with one that field of its JSON. */
  | { scheme: 'aws'; id: string; key: string | undefined };

export type SecretScheme = SecretReference['scheme'];

/** What begins like a reference and cannot be read as one. */
export interface ReferenceProblem {
  problem: string;
}

const REFERENCE = /^(env|vault|aws):(\S+)$/;
const VAULT = /^([^#?%\\]+)#([^#]+)$/;
const AWS = /^([A-Za-z0-9/_+=.@:-]+)(?:#([^#]+))?$/;

/**
 * Reads `env:NAME`, `vault:secret/data/aiops#jwt`, `aws:prod/aiops#jwt` or `aws:prod/aiops`.
 * @returns null for a text that is no reference but a value of its own.
 */
export function parseReference(text: string): SecretReference | ReferenceProblem | null {
  const parts = REFERENCE.exec(text);
  if (parts === null) return null;
  const [, scheme, rest = ''] = parts;
  if (scheme === 'env') return envReference(rest);
  return scheme === 'vault' ? vaultReference(rest) : awsReference(rest);
}

/** The text of a reference, always the same for the same one. */
export function formatReference(reference: SecretReference): string {
  if (reference.scheme === 'env') return `env:${reference.name}`;
  if (reference.scheme === 'vault') return `vault:${reference.path}#${reference.key}`;
  return `aws:${reference.id}${reference.key === undefined ? '' : `#${reference.key}`}`;
}

/** What an allow-list is compared with: the reference without its key. */
export function placeOf(reference: SecretReference): string {
  if (reference.scheme === 'env') return `env:${reference.name}`;
  return reference.scheme === 'vault' ? `vault:${reference.path}` : `aws:${reference.id}`;
}

/** Whether one of the entries is this place, or ends in `*` and begins like it. */
export function isAllowed(reference: SecretReference, entries: readonly string[]): boolean {
  const place = placeOf(reference);
  return entries.some((entry) =>
    entry.endsWith('*') ? place.startsWith(entry.slice(0, -1)) : place === entry,
  );
}

function envReference(name: string): SecretReference | ReferenceProblem {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { scheme: 'env', name };
  return { problem: 'must be env:NAME with the name of an environment variable' };
}

function vaultReference(rest: string): SecretReference | ReferenceProblem {
  const [, path = '', key = ''] = VAULT.exec(rest) ?? [];
  const segments = path.split('/');
  // A path that climbs could leave what an allow-list gives free.
  const sound = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
  if (sound && segments.length >= 3 && segments.includes('data')) return { scheme: 'vault', path, key };
  return { problem: 'must be vault:<mount>/data/<path>#<key>, such as vault:secret/data/aiops#jwt' };
}

function awsReference(rest: string): SecretReference | ReferenceProblem {
  const [whole, id = '', key] = AWS.exec(rest) ?? [];
  if (whole !== undefined) return { scheme: 'aws', id, key };
  return { problem: 'must be aws:<name or ARN>, with #<key> for one field of its JSON' };
}
