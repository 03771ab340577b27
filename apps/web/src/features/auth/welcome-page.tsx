import type { InvitationPreviewDto, LoginResponse } from '@aiops/contracts';
import { Alert, Anchor, Button, Center, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { messageOf, post } from '../../shared/api/client';
import { NewPassword } from '../../shared/password/new-password';
import { fieldError, FormError } from '../../shared/ui/form-error';
import { usePageTitle } from '../../shared/ui/page';
import { Loading } from '../../shared/ui/states';
import { At } from '../../shared/ui/time';

/** Where the link of an invitation leads: whoever has it chooses a password. */
export function WelcomePage() {
  usePageTitle('Welcome');
  const [token] = useState(() => window.location.hash.slice(1));
  const { data, error } = useQuery({
    queryKey: ['invitation', 'preview', token],
    queryFn: () => post<InvitationPreviewDto>('/auth/invitations/preview', { token }),
    staleTime: Infinity,
  });
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={450}>
        {error !== null && (
          <Frame title="This link leads nowhere">
            <Alert variant="outline" color="gray" role="alert">
              {messageOf(error)}
            </Alert>
            <Anchor href="/" size="sm">
              To the sign-in
            </Anchor>
          </Frame>
        )}
        {data === undefined && error === null && <Loading what="the invitation" />}
        {data !== undefined && <Choose token={token} link={data} />}
      </Paper>
    </Center>
  );
}

const Frame = ({ title, children }: { title: string; children: ReactNode }) => (
  <Stack>
    <Title order={1}>{title}</Title>
    {children}
  </Stack>
);

function Choose({ token, link }: { token: string; link: InvitationPreviewDto }) {
  const isNew = link.kind === 'invitation';
  const [displayName, setDisplayName] = useState(link.display_name);
  const [password, setPassword] = useState('');
  const accept = useMutation({
    mutationFn: () =>
      post('/auth/invitations/accept', {
        token,
        password,
        ...(isNew && displayName.trim() !== '' ? { display_name: displayName } : {}),
      }),
    // The engine keeps the session in a cookie; the app begins anew with it, or asks for what else a sign-in needs.
    onSuccess: async () => {
      await post<LoginResponse>('/auth/login', { username: link.username, password }).catch(() => undefined);
      window.location.replace('/');
    },
  });
  const passwordError = fieldError(accept.error, 'password');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    accept.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Frame title={isNew ? 'Welcome to AIOps' : 'Choose a new password'}>
        <Text size="sm">
          {isNew
            ? `You are invited with the role ${link.role}. `
            : 'Your old password is good until you do. '}
          This link is good once, until <At at={link.expires_at} />.
        </Text>
        <TextInput label="User name" autoComplete="username" readOnly value={link.username} />
        {isNew && (
          <TextInput
            label="Name"
            autoComplete="name"
            maxLength={200}
            value={displayName}
            onChange={(event) => setDisplayName(event.currentTarget.value)}
          />
        )}
        <NewPassword value={password} set={setPassword} error={passwordError} />
        {passwordError === undefined && <FormError error={accept.error} title="Not taken" />}
        <Button type="submit" loading={accept.isPending || accept.isSuccess}>
          {isNew ? 'Come in' : 'Set password'}
        </Button>
      </Frame>
    </form>
  );
}
