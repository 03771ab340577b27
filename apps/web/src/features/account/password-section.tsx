import { Stack, Text, Title } from '@mantine/core';
import { useSession } from '../../shared/api/session';
import { ChangePasswordForm } from '../../shared/password/change-password-form';
import { notifyDone } from '../../shared/ui/notify';

/** Where people change their password, if they have one. */
export function PasswordSection() {
  const user = useSession()?.user;
  return (
    <Stack gap="md" component="section" aria-labelledby="password-title">
      <Stack gap={4} maw={640}>
        <Title order={2} size="h3" id="password-title">
          Password
        </Title>
        <Text size="sm" c="dimmed">
          {user?.has_password === false
            ? 'You sign in through a provider, and have no password here.'
            : 'With a new password all of your other sessions end.'}
        </Text>
      </Stack>
      {user?.has_password !== false && (
        <ChangePasswordForm
          done={() => notifyDone('Your password is changed. All other sessions have ended.')}
        />
      )}
    </Stack>
  );
}
