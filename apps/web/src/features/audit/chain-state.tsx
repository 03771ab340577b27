import type { AuditVerificationDto } from '@aiops/contracts';
import { Alert, Button, Code, CopyButton, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf } from '../../shared/api/client';
import { Mark } from '../../shared/ui/badges';
import { Age } from '../../shared/ui/time';
import { auditVerification } from './queries';

/** Whether the log is what was written. */
export function ChainState() {
  const { data, error, isFetching, refetch } = useQuery(auditVerification);
  if (error !== null) {
    return (
      <Text size="sm" c="dimmed">
        The log could not be checked: {messageOf(error)}{' '}
        <Button size="compact-xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
          Try again
        </Button>
      </Text>
    );
  }
  if (data === undefined) {
    return (
      <Text size="sm">
        <Mark icon="◌" word="Checking all entries …" meaning="settled" />
      </Text>
    );
  }
  return data.problem === null ? <Whole verification={data} /> : <Broken verification={data} />;
}

const headOf = ({ position, hash }: AuditVerificationDto): string => `${position}:${hash}`;
const ENTRIES = new Intl.NumberFormat();

function Whole({ verification }: { verification: AuditVerificationDto }) {
  return (
    <Group gap="xs">
      <Text size="sm">
        <Mark icon="✓" word="Nothing was changed or removed" meaning="good" />
        {' · '}
        {ENTRIES.format(verification.position)} entries, checked{' '}
        <Age at={verification.checked_at} suffix=" ago" />
      </Text>
      <CopyButton value={headOf(verification)}>
        {({ copied, copy }) => (
          <Button
            size="compact-xs"
            variant="default"
            onClick={copy}
            title="Keep it where administrators of the database cannot write; “aiops audit verify --anchor” knows it again"
          >
            {copied ? 'Copied' : 'Copy the head'}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}

function Broken({ verification }: { verification: AuditVerificationDto }) {
  return (
    <Alert
      role="alert"
      variant="outline"
      color="gray"
      title={<Mark icon="✕" word="The log is not what was written" meaning="failed" />}
    >
      <Text size="sm">{verification.problem?.message}</Text>
      <Text size="sm" mt="xs">
        Somebody got past the engine and into the database. Everything up to entry{' '}
        {ENTRIES.format(verification.position)} is as it was written. Find out who could write to the
        database, and compare with an export or a backup.
      </Text>
      <Text size="xs" mt="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        Right up to <Code>{headOf(verification)}</Code>
      </Text>
    </Alert>
  );
}
