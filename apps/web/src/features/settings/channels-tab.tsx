import type { ChannelDto, ChannelTestResult } from '@aiops/contracts';
import {
  PasswordInput,
  NumberInput,
  SegmentedControl,
  Select,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { Mark } from '../../shared/ui/badges';
import { fieldError } from '../../shared/ui/form-error';
import { Age } from '../../shared/ui/time';
import { Resource } from './resource';
import { SaveForm, useSave } from './save-form';
import { RevealSecret } from './secrets/reveal-secret';
import { TestButton } from './test-button';

export function ChannelsTab() {
  return (
    <Resource<ChannelDto>
      path="/notification-channels"
      noun="channel"
      intro="Where messages go. Failed deliveries are tried again with growing pauses; what fails for good lands under Failed operations."
      empty="Add Slack, a signed webhook or e-mail, then say under “Who hears of what” what goes there."
      mayChange={useMay('admin')}
      columns={[
        { title: 'Kind', cell: (channel) => channel.kind },
        { title: 'State', cell: (channel) => <ChannelState channel={channel} /> },
        {
          title: 'Last delivery',
          cell: (channel) =>
            channel.last_delivery_at === null ? '—' : <Age at={channel.last_delivery_at} suffix=" ago" />,
        },
      ]}
      actions={(channel) => (
        <>
          <TestButton<ChannelTestResult>
            path={`/notification-channels/${channel.id}/test`}
            tell={({ ok, detail }) => ({ ok, text: detail })}
          />
          <RevealSecret path={`/notification-channels/${channel.id}`} name={channel.name} />
        </>
      )}
      form={(channel, done) => <ChannelForm channel={channel} done={done} />}
      deleteText={() => 'Messages that wait for it will fail.'}
    />
  );
}

function ChannelState({ channel }: { channel: ChannelDto }) {
  if (!channel.enabled) return <Mark icon="⊘" word="Off" meaning="settled" />;
  if (channel.last_error !== null)
    return (
      <span title={channel.last_error}>
        <Mark icon="✕" word="Last delivery failed" meaning="failed" />
      </span>
    );
  return channel.last_delivery_at === null ? (
    <Mark icon="○" word="Not used yet" meaning="settled" />
  ) : (
    <Mark icon="✓" word="Works" meaning="good" />
  );
}

type Config = Record<string, unknown>;
const kinds = [
  { value: 'slack', label: 'Slack' },
  { value: 'webhook', label: 'Webhook' },
  { value: 'email', label: 'E-mail' },
];
const text = (config: Config, name: string): string => (typeof config[name] === 'string' ? config[name] : '');

function ChannelForm({ channel, done }: { channel: ChannelDto | null; done(): void }) {
  const [name, setName] = useState(channel?.name ?? '');
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [config, setConfig] = useState<Config>(channel?.config ?? { kind: 'slack' });
  const save = useSave('/notification-channels', channel?.id ?? null, 'PUT', done);
  const set = (part: Config): void => setConfig((before) => ({ ...before, ...part }));
  const field = (key: string) => ({
    value: text(config, key),
    error: fieldError(save.error, `config.${key}`),
    onChange: (event: { currentTarget: { value: string } }) => set({ [key]: event.currentTarget.value }),
  });
  const body = (): object => ({
    name,
    enabled,
    config: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== '')),
  });
  return (
    <SaveForm
      save={save}
      body={body}
      shown={[
        'name',
        'config.webhook_url',
        'config.url',
        'config.signing_secret',
        'config.host',
        'config.from',
        'config.to',
      ]}
    >
      <TextInput
        label="Name"
        required
        value={name}
        error={fieldError(save.error, 'name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <SegmentedControl
        aria-label="Kind"
        data={kinds}
        value={text(config, 'kind')}
        disabled={channel !== null}
        onChange={(kind) => setConfig({ kind })}
      />
      {config['kind'] === 'slack' && (
        <PasswordInput
          label="Webhook address"
          description="Slack’s, or of Mattermost or Rocket.Chat. It is not shown again."
          required
          autoComplete="off"
          {...field('webhook_url')}
        />
      )}
      {config['kind'] === 'webhook' && (
        <>
          <TextInput label="Address" required {...field('url')} />
          <PasswordInput
            label="Signing secret"
            description="16 characters or more. Deliveries carry the Standard Webhooks signature."
            autoComplete="off"
            {...field('signing_secret')}
          />
        </>
      )}
      {config['kind'] === 'email' && (
        <>
          <TextInput label="Mail server" required {...field('host')} />
          <NumberInput
            label="Port"
            min={1}
            max={65535}
            value={typeof config['port'] === 'number' ? config['port'] : 587}
            onChange={(port) => set({ port: Number(port) })}
          />
          <Select
            label="Encryption"
            allowDeselect={false}
            data={['starttls', 'tls', 'none']}
            value={text(config, 'security') || 'starttls'}
            onChange={(security) => set({ security })}
          />
          <TextInput label="User, if it wants one" autoComplete="off" {...field('username')} />
          <PasswordInput label="Password" autoComplete="off" {...field('password')} />
          <TextInput label="From" required {...field('from')} />
          <TagsInput
            label="To"
            description="Addresses, each with Enter"
            error={fieldError(save.error, 'config.to')}
            value={Array.isArray(config['to']) ? config['to'].map(String) : []}
            onChange={(to) => set({ to })}
          />
        </>
      )}
      <Switch label="On" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
    </SaveForm>
  );
}
