import {
  notificationEventSchema,
  severitySchema,
  type ChannelDto,
  type NotificationEvent,
  type PolicyDto,
  type Severity,
} from '@aiops/contracts';
import { MultiSelect, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../shared/api/session';
import { fieldError } from '../../shared/ui/form-error';
import { Resource, resourceQuery } from './resource';
import { SaveForm, useSave } from './save-form';

const eventWords: Record<NotificationEvent, string> = {
  'alert.fired': 'An alert fires',
  'alert.acknowledged': 'An alert is acknowledged',
  'alert.resolved': 'An alert is resolved',
  'execution.approval_requested': 'An execution waits for approval',
  'execution.succeeded': 'A fix is verified',
  'execution.failed': 'An execution failed',
  'execution.needs_attention': 'An execution needs a decision',
  'host_key.changed': 'A host key changed',
};
const events = notificationEventSchema.options.map((value) => ({ value, label: eventWords[value] }));

export function PoliciesTab() {
  const { data: channels } = useQuery(resourceQuery<ChannelDto>('/notification-channels'));
  const nameOf = (id: string): string => channels?.data.find((channel) => channel.id === id)?.name ?? '…';
  return (
    <Resource<PolicyDto>
      path="/notification-policies"
      noun="policy"
      intro="Which events, of which severities, go to which channels. A channel named by several policies gets each message once."
      empty="Without a policy nobody is told. Make a channel first, then say what goes there."
      mayChange={useMay('engineer')}
      columns={[
        { title: 'Events', cell: (policy) => policy.events.map((event) => eventWords[event]).join(', ') },
        {
          title: 'Severities',
          cell: (policy) => (policy.severities.length === 0 ? 'all' : policy.severities.join(', ')),
        },
        { title: 'Channels', cell: (policy) => policy.channel_ids.map(nameOf).join(', ') },
        { title: 'On', cell: (policy) => (policy.enabled ? 'yes' : 'no') },
      ]}
      form={(policy, done) => <PolicyForm policy={policy} channels={channels?.data ?? []} done={done} />}
      deleteText={() => 'Its events are told no more, unless another policy names them.'}
    />
  );
}

function PolicyForm({
  policy,
  channels,
  done,
}: {
  policy: PolicyDto | null;
  channels: ChannelDto[];
  done(): void;
}) {
  const [name, setName] = useState(policy?.name ?? '');
  const [enabled, setEnabled] = useState(policy?.enabled ?? true);
  const [chosen, setChosen] = useState<string[]>(
    policy?.events ?? [
      'alert.fired',
      'execution.approval_requested',
      'execution.failed',
      'execution.needs_attention',
    ],
  );
  const [severities, setSeverities] = useState<string[]>(policy?.severities ?? []);
  const [channelIds, setChannelIds] = useState<string[]>(policy?.channel_ids ?? []);
  const save = useSave('/notification-policies', policy?.id ?? null, 'PUT', done);
  const body = (): object => ({
    name,
    enabled,
    events: chosen,
    severities: severities.filter((value): value is Severity => severitySchema.safeParse(value).success),
    channel_ids: channelIds,
  });
  return (
    <SaveForm save={save} body={body} shown={['name', 'events', 'channel_ids']}>
      <TextInput
        label="Name"
        required
        value={name}
        error={fieldError(save.error, 'name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <MultiSelect
        label="When"
        data={events}
        value={chosen}
        error={fieldError(save.error, 'events')}
        onChange={setChosen}
      />
      <MultiSelect
        label="Of severity"
        placeholder={severities.length === 0 ? 'all' : ''}
        data={severitySchema.options}
        value={severities}
        onChange={setSeverities}
      />
      <MultiSelect
        label="Tell"
        data={channels.map(({ id, name: label }) => ({ value: id, label }))}
        value={channelIds}
        error={fieldError(save.error, 'channel_ids')}
        onChange={setChannelIds}
      />
      <Switch label="On" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
    </SaveForm>
  );
}
