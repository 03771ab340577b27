import type { AppConfig } from '../config/config.js';

/** Shorter ones would mask words of every day. */
const SHORTEST = 8;

/** The secrets that the engine was started with, in every form in which they may turn up in a text. */
export function ownSecretsOf({ settings, databaseUrl }: AppConfig): string[] {
  const values = [
    ...settings.JWT_SECRETS.map(({ secret }) => secret),
    ...settings.ENCRYPTION_KEYS.map(({ key }) => key.toString('base64')),
    settings.ADMIN_PASSWORD,
    settings.OIDC_CLIENT_SECRET,
    settings.METRICS_TOKEN,
    settings.VAULT_TOKEN,
    ...Object.values(settings.OTEL_EXPORTER_OTLP_HEADERS),
    ...passwordsOf(databaseUrl),
  ].filter((value) => value !== undefined && value.length >= SHORTEST);
  // The longest first: one may begin like another.
  return [...new Set(values as string[])].sort((a, b) => b.length - a.length);
}

function passwordsOf(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { password } = new URL(url);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
