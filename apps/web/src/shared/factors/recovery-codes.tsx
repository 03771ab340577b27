import { Button, Checkbox, Code, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';

/** Codes that are shown this once: whoever goes on says that they have them. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done(): void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Text size="sm">
        With one of these codes you come in without your device. Each is good once, and they are not shown
        again: print them, or put them into your password manager.
      </Text>
      <SimpleGrid
        cols={2}
        spacing="xs"
        component="ul"
        p={0}
        m={0}
        style={{ listStyle: 'none' }}
        aria-label="Recovery codes"
      >
        {codes.map((code) => (
          <li key={code}>
            <Code fz="sm">{code}</Code>
          </li>
        ))}
      </SimpleGrid>
      <Group gap="xs">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy all'}
            </Button>
          )}
        </CopyButton>
        <Button
          size="compact-sm"
          variant="default"
          component="a"
          download="aiops-recovery-codes.txt"
          href={`data:text/plain,${encodeURIComponent(`Recovery codes for AIOps\n\n${codes.join('\n')}\n`)}`}
        >
          Save as a file
        </Button>
      </Group>
      <Checkbox
        label="I have kept them"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button disabled={!kept} onClick={done}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
