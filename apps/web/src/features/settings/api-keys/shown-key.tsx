import type { ApiKeyCreatedDto } from '@aiops/contracts';
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { CopyText } from '../copy-text';

/** The one moment in which a key is shown. */
export function ShownKey({ made, done }: { made: ApiKeyCreatedDto; done(): void }) {
  return (
    <Stack>
      <Alert variant="outline" color="gray" title="Copy the key now: it is not shown again" role="status">
        <Group gap="xs">
          <Code style={{ overflowWrap: 'anywhere' }}>{made.key}</Code>
          <CopyText text={made.key} label="Copy the key" />
        </Group>
        {made.scopes.includes('ingest') && (
          <>
            <Text size="sm" mt="sm">
              For Alertmanager:
            </Text>
            <Code block tabIndex={0} mb="xs">
              {alertmanagerSnippet(made.key)}
            </Code>
            <CopyText text={alertmanagerSnippet(made.key)} label="Copy the receiver" />
          </>
        )}
      </Alert>
      <Group justify="flex-end">
        <Button onClick={done}>Done</Button>
      </Group>
    </Stack>
  );
}

const alertmanagerSnippet = (key: string): string => `receivers:
  - name: aiops
    webhook_configs:
      - url: ${location.origin}/api/v1/ingest/alertmanager
        send_resolved: true
        http_config: { authorization: { credentials: ${key} } }`;
