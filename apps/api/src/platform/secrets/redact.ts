const MASK = '***';

/** Names under which values are secret, whatever they look like; `credential_id`, `token_count` and the like are none. */
const secretName =
  /(pass(word|phrase|wd)?|secrets?|(^|[_-]|access|refresh|id|auth|bearer|session|csrf)tokens?|api[_-]?keys?|(private|encryption|access|routing|integration|client)[_-]?keys?([_-]?data)?|authorization|cookies?|kubeconfig|webhook[_-]?url|recovery[_-]?codes?|otp|code[_-]?verifier)$/i;

/** Values that are secret wherever they stand. */
const secretForms: [RegExp, string][] = [
  // Also when it was cut off, and when its line breaks are written as `\n`; a quote ends the text that it stands in.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g, MASK],
  // JSON web tokens.
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, MASK],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  // Signing in to a mail server.
  [/\b(AUTH (?:PLAIN|LOGIN|XOAUTH2|CRAM-MD5))\s+[\w+/=]{8,}/gi, `$1 ${MASK}`],
  // The engine's own API keys, and those of usual services.
  [/\b(aiops_|sk-|hvs\.|hvb\.|ghp_|github_pat_|glpat-|whsec_|xox[abprs]-|gsk_|xai-)[\w.-]{8,}/g, `$1${MASK}`],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, MASK],
  [/\bAIza[\w-]{30,}/g, MASK],
  // Hashes of passwords can be guessed at.
  [/\$(argon2(?:id|i|d)|2[aby])\$[\w$+/=.,-]{20,}/g, `$$$1$$${MASK}`],
  // The password of an address, and what stands in its query or in a form under a secret's name.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${MASK}@`],
  [
    /([?&](?:key|token|api_key|access_token|refresh_token|id_token|client_secret|secret|password|signature|sig|code|code_verifier|x-amz-signature|x-amz-credential)=)[^&\s"']+/gi,
    `$1${MASK}`,
  ],
  [
    /(\b(?:password|passwd|passphrase|secret|client_secret|api_?key|access_token|refresh_token)=)[^&\s"',;]+/gi,
    `$1${MASK}`,
  ],
  // The same in JSON, escaped as often as it may be.
  [
    /(\\*"(?:[\w-]*(?:password|passphrase|secret|token|api_?key|private_?key|authorization|cookie))\\*"\s*:\s*\\*")(?:[^"\\]|\\+[^"\\])+/gi,
    `$1${MASK}`,
  ],
  // Headers as lines of text.
  [/(\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?\w*\s?)[\w.~+/=-]{8,}/gi, `$1${MASK}`],
  [
    /(\b(?:x-api-key|api-key|x-vault-token|x-auth-token|private-token)["']?\s*[:=]\s*["']?)[^\s"',;]{6,}/gi,
    `$1${MASK}`,
  ],
  [/(\b(?:set-)?cookie["']?\s*[:=]\s*["']?)[^\s"'=]+=[^\r\n"']+/gi, `$1${MASK}`],
  // The path of a webhook is its secret.
  [/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/gi, `$1${MASK}`],
  [/(\.webhook\.office\.com\/)[^\s"']+/gi, `$1${MASK}`],
  [/(discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/gi, `$1${MASK}`],
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

/** Whether a value under this name is secret. */
export const isSecretName = (name: string): boolean => secretName.test(name);

const isSecret = (name: string, value: unknown): boolean =>
  isSecretName(name) && value !== '' && value !== null && ['string', 'object'].includes(typeof value);
