import type { RunbookDto } from '@aiops/contracts';
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { confirmAction } from '../../shared/ui/confirm';
import { ErrorState, Loading } from '../../shared/ui/states';
import { Age } from '../../shared/ui/time';
import { diffLines, type DiffLine } from './diff';
import { runbookVersions } from './queries';

/** Every version that was ever saved, and how each differs from the one in force. */
export function RunbookVersions({
  runbook,
  restore,
}: {
  runbook: RunbookDto;
  restore: ((yaml: string) => void) | undefined;
}) {
  const { data, error, refetch, isPending } = useQuery(runbookVersions(runbook.id));
  const [shown, setShown] = useState<number | null>(null);
  if (error !== null) return <ErrorState what="The versions" error={error} retry={() => void refetch()} />;
  if (isPending) return <Loading what="the versions" />;
  return (
    <Stack>
      {data.data.map((version) => {
        const isCurrent = version.version === runbook.version;
        const ask = (): void =>
          confirmAction({
            title: `Restore version ${version.version}?`,
            text: `Its text becomes version ${runbook.version + 1}. Nothing is lost: version ${runbook.version} stays in this list.`,
            verb: 'Restore as new version',
            onConfirm: () => restore?.(version.yaml),
          });
        return (
          <Paper withBorder p="md" key={version.id}>
            <Group justify="space-between">
              <Text>
                <Text span fw={600}>
                  v{version.version}
                </Text>{' '}
                <Text span c="dimmed" size="sm">
                  {isCurrent ? 'in force · ' : ''}by {version.created_by}{' '}
                  <Age at={version.created_at} suffix=" ago" />
                </Text>
              </Text>
              {!isCurrent && (
                <Group gap="xs">
                  <Button
                    size="xs"
                    variant="default"
                    aria-expanded={shown === version.version}
                    onClick={() => setShown(shown === version.version ? null : version.version)}
                  >
                    {shown === version.version ? 'Hide' : 'Compare with the one in force'}
                  </Button>
                  {restore !== undefined && (
                    <Button size="xs" variant="default" onClick={ask}>
                      Restore…
                    </Button>
                  )}
                </Group>
              )}
            </Group>
            {shown === version.version && <Difference lines={diffLines(version.yaml, runbook.yaml)} />}
          </Paper>
        );
      })}
    </Stack>
  );
}

const signs = { same: ' ', added: '+', removed: '−' } as const;
const grounds = { same: undefined, added: 'var(--c-good-tint)', removed: 'var(--c-failed-tint)' } as const;

function Difference({ lines }: { lines: DiffLine[] }) {
  return (
    <pre
      className="code"
      style={{ margin: '12px 0 0', overflowX: 'auto' }}
      tabIndex={0}
      aria-label="Difference to the version in force"
    >
      {lines.map((line, index) => (
        <div key={index} style={{ background: grounds[line.kind] }}>
          {signs[line.kind]} {line.text}
        </div>
      ))}
    </pre>
  );
}
