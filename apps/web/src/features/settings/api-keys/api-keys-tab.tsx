import type { ApiKeyDto } from '@aiops/contracts';
import { Alert, Code, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNow } from '../../../shared/live/clock';
import { Mark } from '../../../shared/ui/badges';
import { Age } from '../../../shared/ui/time';
import { Resource, resourceQuery } from '../resource';
import { KeyForm } from './key-form';
import { mayWords, warningWords } from './key-words';
import { RotateKey } from './rotate-key';

export function ApiKeysTab() {
  return (
    <>
      <Warnings />
      <Resource<ApiKeyDto>
        path="/api-keys"
        noun="API key"
        intro="Keys for senders of alerts and for programs. A key that may only send alerts can do nothing else."
        empty="Make one for whatever sends your alerts, such as Alertmanager or Grafana."
        mayChange
        columns={[
          { title: 'Key', cell: (key) => <Made apiKey={key} /> },
          { title: 'May', cell: (key) => <May apiKey={key} /> },
          { title: 'Last used', cell: (key) => <LastUse apiKey={key} /> },
          { title: 'Expires', cell: (key) => <Expiry apiKey={key} /> },
        ]}
        form={(key, done) => <KeyForm apiKey={key} done={done} />}
        actions={(key) => <RotateKey apiKey={key} />}
        deleteText={() => 'Whoever uses it is refused from now on.'}
      />
    </>
  );
}

/** Keys that somebody should look at, before an outage or an intruder does. */
function Warnings() {
  const now = useNow();
  const { data } = useQuery(resourceQuery<ApiKeyDto>('/api-keys'));
  const warned = (data?.data ?? []).filter(({ warnings }) => warnings.length > 0);
  if (warned.length === 0) return null;
  const title = warned.length === 1 ? 'One key needs a look' : `${warned.length} keys need a look`;
  return (
    <Alert variant="outline" color="gray" title={title} mb="md">
      <List size="sm">
        {warned.flatMap((key) =>
          key.warnings.map((warning) => (
            <List.Item key={key.id + warning}>
              <b>{key.name}</b> ({key.hint}) {warningWords(key, warning, now)}
            </List.Item>
          )),
        )}
      </List>
    </Alert>
  );
}

function Made({ apiKey }: { apiKey: ApiKeyDto }) {
  return (
    <>
      <Code>{apiKey.hint}</Code>
      <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        made <Age at={apiKey.created_at} suffix=" ago" />
        {apiKey.created_by !== null && ` by ${apiKey.created_by}`}
      </Text>
    </>
  );
}

function May({ apiKey }: { apiKey: ApiKeyDto }) {
  return (
    <>
      {mayWords(apiKey)}
      {apiKey.description !== '' && (
        <Text size="xs" c="dimmed">
          {apiKey.description}
        </Text>
      )}
    </>
  );
}

function LastUse({ apiKey }: { apiKey: ApiKeyDto }) {
  if (apiKey.last_used_at === null) return 'never';
  return (
    <>
      <Age at={apiKey.last_used_at} suffix=" ago" />
      {apiKey.last_used_from !== null && (
        <Text size="xs" c="dimmed">
          from {apiKey.last_used_from}
        </Text>
      )}
    </>
  );
}

function Expiry({ apiKey }: { apiKey: ApiKeyDto }) {
  if (apiKey.expires_at === null) return 'never';
  const day = new Date(apiKey.expires_at).toLocaleDateString();
  if (apiKey.warnings.includes('expired')) return <Mark icon="✕" word={`expired ${day}`} meaning="failed" />;
  if (apiKey.warnings.includes('expires_soon')) return <Mark icon="◷" word={day} meaning="late" />;
  return day;
}
