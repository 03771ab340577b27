import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMay } from '../../shared/api/session';
import { LinkButton } from '../../shared/ui/links';
import { Page } from '../../shared/ui/page';
import { EmptyState } from '../../shared/ui/states';
import { TabStrip } from '../../shared/ui/tab-strip';
import { ApiKeysTab } from './api-keys/api-keys-tab';
import { ChannelsTab } from './channels-tab';
import { CredentialsTab } from './credentials/credentials-tab';
import { FailedOperationsTab } from './failed-operations/failed-operations-tab';
import { PeopleTab } from './people-tab';
import { PoliciesTab } from './policies-tab';
import { ProvidersTab } from './providers-tab';

const route = getRouteApi('/settings');

const tabs = [
  { value: 'channels', label: 'Channels', admin: false, panel: ChannelsTab },
  { value: 'policies', label: 'Who hears of what', admin: false, panel: PoliciesTab },
  { value: 'providers', label: 'Models', admin: false, panel: ProvidersTab },
  { value: 'credentials', label: 'Credentials', admin: false, panel: CredentialsTab },
  { value: 'failed', label: 'Failed operations', admin: false, panel: FailedOperationsTab },
  { value: 'api-keys', label: 'API keys', admin: true, panel: ApiKeysTab },
  { value: 'people', label: 'People', admin: true, panel: PeopleTab },
] as const;

export function SettingsPage() {
  const { tab = 'channels' } = route.useSearch();
  const navigate = route.useNavigate();
  const engineer = useMay('engineer');
  const admin = useMay('admin');
  if (!engineer) {
    return (
      <EmptyState title="Settings are for engineers and administrators">
        An administrator can give you that role.
      </EmptyState>
    );
  }
  const shown = tabs.filter((entry) => admin || !entry.admin);
  return (
    <Page
      title="Settings"
      tabTitle="Settings"
      actions={
        <>
          {admin && (
            <LinkButton to="/audit-log" variant="default">
              Audit log
            </LinkButton>
          )}
          <LinkButton to="/feature-flags" variant="default">
            Feature flags
          </LinkButton>
        </>
      }
    >
      <Tabs
        value={tab}
        onChange={(next) => void navigate({ search: { tab: next ?? undefined } })}
        keepMounted={false}
      >
        <TabStrip chosen={tab}>
          {shown.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value} style={{ whiteSpace: 'nowrap' }}>
              {label}
            </Tabs.Tab>
          ))}
        </TabStrip>
        {shown.map(({ value, panel: Panel }) => (
          <Tabs.Panel key={value} value={value} pt="md">
            <Panel />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
