import { Group, Stack, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

/** Title of the tab; the page's state goes first, where a narrow tab shows it. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · AIOps`;
  }, [title]);
}

/** The frame of a page: its title, its actions, its content. */
export function Page({
  title,
  tabTitle,
  actions,
  children,
}: {
  title: ReactNode;
  tabTitle: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  usePageTitle(tabTitle);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
