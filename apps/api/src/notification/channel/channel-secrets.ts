import { channelConfigSchema, type ChannelConfig } from '@aiops/contracts';

/** Which parts of a channel's configuration are secret. A Slack webhook's address is its password. */
const secretFields: Record<ChannelConfig['kind'], readonly string[]> = {
  slack: ['webhook_url'],
  webhook: ['signing_secret'],
  email: ['password'],
};

export interface SplitConfig {
  open: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** Parts a configuration into what may be read and what is sealed. */
export function splitConfig(config: ChannelConfig): SplitConfig {
  const fields = secretFields[config.kind];
  const entries = Object.entries(config);
  return {
    open: Object.fromEntries(entries.filter(([key]) => !fields.includes(key))),
    secrets: Object.fromEntries(
      entries.flatMap(([key, value]) =>
        fields.includes(key) && typeof value === 'string' ? [[key, value]] : [],
      ),
    ),
  };
}

/** The whole configuration again. */
export function joinConfig({ open, secrets }: SplitConfig): ChannelConfig {
  return channelConfigSchema.parse({ ...open, ...secrets });
}

/** The configuration as it may be shown: secrets as `***`, whatever they were. */
export function maskedConfig(open: Record<string, unknown>, secretNames: string[]): Record<string, unknown> {
  return { ...open, ...Object.fromEntries(secretNames.map((name) => [name, '***'])) };
}

/** A secret that a form sends back as `***` or leaves out keeps its stored value. */
export function keepSecrets(
  input: Record<string, unknown>,
  stored: Record<string, string>,
): Record<string, unknown> {
  const kept = Object.entries(stored).filter(([name]) => input[name] === undefined || input[name] === '***');
  return { ...input, ...Object.fromEntries(kept) };
}
