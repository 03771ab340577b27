import { Tabs } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';

/** Tabs in one row that scrolls where it is too narrow, with the chosen one in sight. */
export function TabStrip({ chosen, children }: { chosen: string | null; children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen]);
  return (
    <Tabs.List ref={list} style={{ overflowX: 'auto', flexWrap: 'nowrap' }}>
      {children}
    </Tabs.List>
  );
}
