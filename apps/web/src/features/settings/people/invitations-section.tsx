import type { InvitationCreatedDto, InvitationDto } from '@aiops/contracts';
import { Button, Drawer, Group, Modal, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post, remove } from '../../../shared/api/client';
import { confirmAction } from '../../../shared/ui/confirm';
import { notifyError } from '../../../shared/ui/notify';
import { ErrorState } from '../../../shared/ui/states';
import { Age } from '../../../shared/ui/time';
import { resourceQuery } from '../resource';
import { InviteForm } from './invite-form';
import { LinkOnce } from './link-once';

/** Who was asked in and has not come yet. */
export function InvitationsSection() {
  const { data, error, refetch } = useQuery(resourceQuery<InvitationDto>('/invitations'));
  const [inviting, setInviting] = useState(false);
  const waiting = (data?.data ?? []).filter(({ state }) => state === 'open' || state === 'expired');
  return (
    <Stack gap="sm" component="section" aria-labelledby="invitations-title" mb="lg">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <Title order={2} size="h3" id="invitations-title">
            Invitations
          </Title>
          <Text size="sm" c="dimmed" maw={640}>
            Whoever opens the link chooses a password that nobody else ever knows.
          </Text>
        </Stack>
        <Button onClick={() => setInviting(true)}>Invite somebody</Button>
      </Group>
      {error !== null && <ErrorState what="The invitations" error={error} retry={() => void refetch()} />}
      {waiting.length > 0 && <InvitationTable invitations={waiting} />}
      <Drawer
        opened={inviting}
        onClose={() => setInviting(false)}
        position="right"
        size="md"
        title="Invite somebody"
      >
        {inviting && <InviteForm done={() => setInviting(false)} />}
      </Drawer>
    </Stack>
  );
}

function InvitationTable({ invitations }: { invitations: InvitationDto[] }) {
  const [made, setMade] = useState<InvitationCreatedDto | null>(null);
  const actions = useInvitationActions(setMade);
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            {['For', 'What', 'Role', 'Made', 'State', ''].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {invitations.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td fw={500}>{one.username}</Table.Td>
              <Table.Td>{one.kind === 'invitation' ? 'to come in' : 'for a new password'}</Table.Td>
              <Table.Td>{one.role}</Table.Td>
              <Table.Td>
                <Age at={one.created_at} suffix=" ago" /> by {one.created_by}
              </Table.Td>
              <Table.Td>
                {one.state === 'expired' ? 'ran out' : one.sent_at === null ? 'open' : `sent to ${one.email}`}
              </Table.Td>
              <Table.Td>
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`Another link for ${one.username}`}
                    onClick={() => actions.resend(one)}
                  >
                    Another link
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="gray"
                    aria-label={`Revoke the link for ${one.username}`}
                    onClick={() => actions.revoke(one)}
                  >
                    Revoke
                  </Button>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Modal opened={made !== null} onClose={() => setMade(null)} title="Another link" centered>
        {made !== null && <LinkOnce made={made} done={() => setMade(null)} />}
      </Modal>
    </Paper>
  );
}

function useInvitationActions(show: (made: InvitationCreatedDto) => void) {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ['invitations'] });
  const resend = useMutation({
    mutationFn: ({ id }: InvitationDto) => post<InvitationCreatedDto>(`/invitations/${id}/resend`),
    onSuccess: show,
    onError: (error) => notifyError('No other link was made', error),
    onSettled,
  });
  const revoke = useMutation({
    mutationFn: ({ id }: InvitationDto) => remove(`/invitations/${id}`),
    onError: (error) => notifyError('The link was not revoked', error),
    onSettled,
  });
  return {
    resend: (one: InvitationDto): void => resend.mutate(one),
    revoke: (one: InvitationDto): void =>
      confirmAction({
        title: `Revoke the link for ${one.username}?`,
        text: 'It opens nothing any more. You can make another one at any time.',
        verb: 'Revoke link',
        onConfirm: () => revoke.mutate(one),
      }),
  };
}
