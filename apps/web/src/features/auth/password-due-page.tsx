import { Anchor, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { signOut } from '../../shared/api/keep-session';
import { ChangePasswordForm } from '../../shared/password/change-password-form';
import { notifyError } from '../../shared/ui/notify';
import { usePageTitle } from '../../shared/ui/page';

/** For who came in with a password that somebody else chose: there is nothing else to do yet. */
export function PasswordDuePage({ username }: { username: string }) {
  usePageTitle('Choose a password');
  const leave = (): void =>
    void signOut().catch((error: unknown) => notifyError('You are still signed in', error));
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={450}>
        <Stack>
          <Title order={1}>Choose a password of your own</Title>
          <Text size="sm">
            You are signed in as {username}. Somebody else has seen the password that you came in with, or it
            was printed where the engine was started; it is good for this alone.
          </Text>
          <ChangePasswordForm />
          <Anchor component="button" type="button" size="sm" onClick={leave}>
            Sign out
          </Anchor>
        </Stack>
      </Paper>
    </Center>
  );
}
