import type { InvitationCreatedDto } from '@aiops/contracts';
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { At } from '../../../shared/ui/time';
import { CopyText } from '../copy-text';

/** The link that was made just now; it cannot be shown again. */
export function LinkOnce({ made, done }: { made: InvitationCreatedDto; done(): void }) {
  const link = new URL(made.link, window.location.origin).href;
  return (
    <Stack>
      <Alert
        variant="outline"
        color="gray"
        role="status"
        title={made.sending.sent ? 'On its way' : 'Not sent'}
      >
        {made.sending.detail}
      </Alert>
      <Text size="sm">
        The link for {made.username} is good once, until <At at={made.expires_at} />. It is shown only now:
        whoever has it gets in.
      </Text>
      <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {link}
      </Code>
      <Group justify="space-between">
        <CopyText text={link} label="Copy link" />
        <Button onClick={done}>Done</Button>
      </Group>
    </Stack>
  );
}
