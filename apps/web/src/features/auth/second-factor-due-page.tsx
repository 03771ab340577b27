import { Anchor, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { signOut } from '../../shared/api/keep-session';
import { FactorsSection } from '../../shared/factors/factors-section';
import { notifyError } from '../../shared/ui/notify';
import { usePageTitle } from '../../shared/ui/page';

/** For whose role needs a second factor and who has none: there is nothing else to do yet. */
export function SecondFactorDuePage({ username }: { username: string }) {
  usePageTitle('Set up a second factor');
  const leave = (): void =>
    void signOut().catch((error: unknown) => notifyError('You are still signed in', error));
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={560}>
        <Stack>
          <Title order={1}>One more thing proves that it is you</Title>
          <Text size="sm">
            You are signed in as {username}, and your role needs a second factor. Set one up to go on.
          </Text>
          <FactorsSection />
          <Anchor component="button" type="button" size="sm" onClick={leave}>
            Sign out
          </Anchor>
        </Stack>
      </Paper>
    </Center>
  );
}
