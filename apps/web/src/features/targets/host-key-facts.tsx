import type { HostKeyDto } from '@aiops/contracts';
import { Box, Code, Text } from '@mantine/core';
import { Age } from '../../shared/ui/time';

/** The picture that `ssh-keygen -lv` draws, to be laid beside the host's own. */
export function Randomart({ hostKey }: { hostKey: HostKeyDto }) {
  return (
    <Box
      component="pre"
      role="img"
      aria-label={`Picture of the key ${hostKey.fingerprint}`}
      m={0}
      style={{ fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13, lineHeight: 1.15 }}
    >
      {hostKey.randomart}
    </Box>
  );
}

/** Fingerprint, type, and how the engine came to know the key. */
export function HostKeyFacts({ hostKey }: { hostKey: HostKeyDto }) {
  const { certificate } = hostKey;
  return (
    <div>
      <Code style={{ overflowWrap: 'anywhere' }}>{hostKey.fingerprint}</Code>
      <Text size="xs" c="dimmed">
        {hostKey.algorithm ?? 'Type not known yet'} · {origins[hostKey.origin]}
        {hostKey.last_seen_at === null ? (
          ', not seen yet'
        ) : (
          <>
            {' '}
            · last seen <Age at={hostKey.last_seen_at} suffix=" ago" />
          </>
        )}
        {hostKey.status === 'accepted' &&
          hostKey.accepted_by !== null &&
          ` · accepted by ${hostKey.accepted_by}`}
        {hostKey.status === 'revoked' && hostKey.revoked_by !== null && ` · revoked by ${hostKey.revoked_by}`}
      </Text>
      {certificate !== null && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          Certificate “{certificate.key_id}” for {certificate.principals.join(', ') || 'no host'} by the
          authority {certificate.authority}
          {certificate.valid_before === null ? '' : `, until ${certificate.valid_before.slice(0, 10)}`}
        </Text>
      )}
    </div>
  );
}

const origins: Record<HostKeyDto['origin'], string> = {
  seen: 'shown by the host',
  pinned: 'pinned',
  imported: 'from known_hosts',
};
