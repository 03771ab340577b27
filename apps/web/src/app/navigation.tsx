import { Box, Text, VisuallyHidden } from '@mantine/core';
import { IconBell, IconDots, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { lastView } from '../shared/ui/last-view';
import { LinkNav } from '../shared/ui/links';
import { useCounts } from './counts';
import type { Place } from './places';

/** A number beside a place, and in words what it counts. */
function Count({ count, what, colour }: { count: number; what: string; colour: string }) {
  if (count === 0) return null;
  return (
    <Text span size="sm" fw={600} style={{ color: colour }}>
      {count}
      <VisuallyHidden> {what}</VisuallyHidden>
    </Text>
  );
}

export function SideNavigation({
  places,
  path,
  onGo,
}: {
  places: readonly Place[];
  path: string;
  onGo(): void;
}) {
  const { firing, waiting } = useCounts();
  const counts: Partial<Record<Place['to'], ReactNode>> = {
    '/alerts': <Count count={firing} what="firing, nobody on them" colour="var(--c-critical)" />,
    '/executions': <Count count={waiting} what="for you to decide" colour="var(--c-waiting)" />,
  };
  return places.map(({ to, label, icon: Icon, keys }) => (
    <LinkNav
      key={to}
      to={to}
      search={lastView(to)}
      title={keys}
      label={label}
      active={path.startsWith(to)}
      leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
      rightSection={counts[to]}
      onClick={onGo}
      style={{ borderRadius: 6 }}
    />
  ));
}

/** What one thumb needs at night; everything else is under More. */
export function PhoneTabs({
  path,
  waitingShown,
  onMore,
}: {
  path: string;
  waitingShown: boolean;
  onMore(): void;
}) {
  const { firing, waiting } = useCounts();
  const onExecutions = path.startsWith('/executions');
  return (
    <div className="tabs">
      <Link to="/alerts" search={lastView('/alerts')} className="tab">
        <TabFace
          icon={<IconBell size={20} stroke={1.6} aria-hidden />}
          label="Alerts"
          on={path.startsWith('/alerts')}
        >
          <Count count={firing} what="firing, nobody on them" colour="var(--c-critical)" />
        </TabFace>
      </Link>
      <Link to="/executions" search={{ view: 'waiting' }} className="tab">
        <TabFace
          icon={<IconPlayerPause size={20} stroke={1.6} aria-hidden />}
          label="Approvals"
          on={onExecutions && waitingShown}
        >
          <Count count={waiting} what="for you to decide" colour="var(--c-waiting)" />
        </TabFace>
      </Link>
      <Link to="/executions" search={{}} className="tab">
        <TabFace
          icon={<IconPlayerPlay size={20} stroke={1.6} aria-hidden />}
          label="Executions"
          on={onExecutions && !waitingShown}
        />
      </Link>
      <button type="button" className="tab" onClick={onMore}>
        <TabFace icon={<IconDots size={20} stroke={1.6} aria-hidden />} label="More" on={false} />
      </button>
    </div>
  );
}

function TabFace({
  icon,
  label,
  on,
  children,
}: {
  icon: ReactNode;
  label: string;
  on: boolean;
  children?: ReactNode;
}) {
  return (
    <Box ta="center" c={on ? 'var(--mantine-color-anchor)' : 'dimmed'}>
      {icon}
      {children !== undefined && <> {children}</>}
      <Text size="xs" fw={on ? 600 : 400}>
        {label}
      </Text>
    </Box>
  );
}
