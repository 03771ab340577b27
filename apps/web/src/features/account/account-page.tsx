import { Text } from '@mantine/core';
import { useSession } from '../../shared/api/session';
import { Page } from '../../shared/ui/page';
import { FactorsSection } from '../../shared/factors/factors-section';
import { PasswordSection } from './password-section';
import { SessionsSection } from './sessions-section';

/** What somebody may see and change of their own. */
export function AccountPage() {
  const user = useSession()?.user;
  return (
    <Page title="Your account" tabTitle="Your account">
      <Text c="dimmed">
        {user?.username} · {user?.role}
      </Text>
      <PasswordSection />
      <FactorsSection />
      <SessionsSection />
    </Page>
  );
}
