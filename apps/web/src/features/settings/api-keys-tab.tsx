import { roleSchema, type ApiKeyDto } from '@aiops/contracts';
import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../shared/api/client';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { Age } from '../../shared/ui/time';
import { Resource } from './resource';

export function ApiKeysTab() {
  return (
    <>
      <NewKey />
      <Resource<ApiKeyDto>
        path="/api-keys"
        noun="API key"
        intro="Keys for senders of alerts and for programs. A key that may only send alerts can do nothing else."
        empty="Make one above."
        mayChange
        columns={[
          { title: 'Key', cell: (key) => <Code>{key.hint}</Code> },
          {
            title: 'May',
            cell: (key) => (key.scopes.includes('api') ? `act as ${key.role}` : 'send alerts'),
          },
          {
            title: 'Last used',
            cell: (key) =>
              key.last_used_at === null ? 'never' : <Age at={key.last_used_at} suffix=" ago" />,
          },
          {
            title: 'Expires',
            cell: (key) =>
              key.expires_at === null ? 'never' : new Date(key.expires_at).toLocaleDateString(),
          },
        ]}
        deleteText={() => 'Whoever uses it is refused from now on.'}
      />
    </>
  );
}

function NewKey() {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [use, setUse] = useState('ingest');
  const [role, setRole] = useState('viewer');
  const create = useMutation({
    mutationFn: () =>
      post<ApiKeyDto & { key: string }>('/api-keys', {
        name,
        role,
        scopes: use === 'ingest' ? ['ingest'] : ['api'],
      }),
    onSuccess: () => {
      setName('');
      void queries.invalidateQueries({ queryKey: ['api-keys'] });
    },
  });
  return (
    <Stack mb="lg">
      <Group align="flex-end">
        <TextInput
          label="New key for"
          placeholder="Alertmanager, production"
          value={name}
          error={fieldError(create.error, 'name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="What it may do"
          data={[
            { value: 'ingest', label: 'Send alerts' },
            { value: 'api', label: 'Use the API' },
          ]}
          value={use}
          onChange={setUse}
        />
        {use === 'api' && (
          <Select
            label="As"
            allowDeselect={false}
            data={roleSchema.options}
            value={role}
            onChange={(value) => setRole(value ?? 'viewer')}
            w={130}
          />
        )}
        <Button loading={create.isPending} disabled={name === ''} onClick={() => create.mutate()}>
          Make key
        </Button>
      </Group>
      <FormError error={create.error} shown={['name']} />
      {create.data !== undefined && (
        <Alert variant="outline" color="gray" title="Copy the key now: it is not shown again">
          <Group>
            <Code style={{ overflowWrap: 'anywhere' }}>{create.data.key}</Code>
            <CopyButton value={create.data.key}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Group>
          {create.data.scopes.includes('ingest') && (
            <>
              <Text size="sm" mt="sm">
                For Alertmanager:
              </Text>
              <Code block>{alertmanagerSnippet(create.data.key)}</Code>
            </>
          )}
        </Alert>
      )}
    </Stack>
  );
}

const alertmanagerSnippet = (key: string): string => `receivers:
  - name: aiops
    webhook_configs:
      - url: ${location.origin}/api/v1/ingest/alertmanager
        send_resolved: true
        http_config: { authorization: { credentials: ${key} } }`;
