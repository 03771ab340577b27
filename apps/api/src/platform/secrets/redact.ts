const MASK = '***';

/** Names under which values are secret, whatever they look like; `credential_id` and the like are none. */
const secretName =
  /(pass(word|phrase|wd)?|secrets?|(^|[_-])tokens?|api[_-]?keys?|private[_-]?keys?|authorization|cookies?|signing[_-]?secret|kubeconfig|webhook[_-]?url)$/i;

/** Values that are secret wherever they stand. */
const secretForms: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  // JSON web tokens.
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, MASK],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  // The engine's own API keys, and those of usual services.
  [/\b(aiops_|sk-|hvs\.|hvb\.|ghp_|github_pat_|glpat-|whsec_|xox[abprs]-)[\w.-]{8,}/g, `$1${MASK}`],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, MASK],
  // The password of an address, and what stands in its query under a secret's name.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${MASK}@`],
  [/([?&](?:key|token|api_key|access_token|secret|password|signature|sig)=)[^&\s"']+/gi, `$1${MASK}`],
  // The path of a Slack webhook is its secret.
  [/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/gi, `$1${MASK}`],
];

/** The text without what looks like a secret. */
export function redactText(text: string): string {
  return secretForms.reduce((known, [form, mask]) => known.replace(form, mask), text);
}

/** The value for people's eyes: what stands under a secret's name, or looks like one, is `***`. */
export function redactSecrets(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isSecret(name, inner) ? MASK : redactSecrets(inner)]),
  );
}

const isSecret = (name: string, value: unknown): boolean =>
  secretName.test(name) && value !== '' && value !== null && ['string', 'object'].includes(typeof value);
