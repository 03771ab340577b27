import { ActionIcon, AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconUserCircle } from '@tabler/icons-react';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useMay } from '../shared/api/session';
import { lastView } from '../shared/ui/last-view';
import { useHotkeys } from '../shared/ui/hotkeys';
import { ApprovalsButton } from './approvals-button';
import { ConnectionPill, LiveRegions, NotLiveBar } from './connection';
import { useLiveCounts } from './counts';
import { PhoneTabs, SideNavigation } from './navigation';
import { NewVersionBar } from './new-version';
import { places } from './places';

const AccountMenu = lazy(() => import('./account-menu').then((module) => ({ default: module.AccountMenu })));
const KeyHelp = lazy(() => import('./key-help').then((module) => ({ default: module.KeyHelp })));

export function Shell() {
  const [menuOpen, menu] = useDisclosure(false);
  const [helpOpen, help] = useDisclosure(false);
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const waitingShown = useRouterState({
    select: (state) => 'view' in state.location.search && state.location.search.view === 'waiting',
  });
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const engineer = useMay('engineer');
  const shown = places.filter((place) => place.to !== '/settings' || engineer);
  useLiveCounts();
  useFocusOnNewPage(path);
  useHotkeys({
    ...Object.fromEntries(
      shown.map(({ to, keys }) => [keys, () => void navigate({ to, search: lastView(to) })]),
    ),
    'g p': () => void navigate({ to: '/executions', search: { view: 'waiting' } }),
    '?': help.open,
    '/': () => document.querySelector<HTMLInputElement>('[data-search]')?.focus(),
  });
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      footer={{ height: { base: 60, sm: 0 } }}
      padding="md"
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={menuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
              aria-expanded={menuOpen}
            />
            <Link to="/overview" className="plain">
              <Group gap={8} wrap="nowrap">
                <img src="/favicon.svg" width={24} height={24} alt="" />
                <Text fw={600}>AIOps</Text>
              </Group>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ApprovalsButton />
            <ConnectionPill />
            <Account onHelp={help.open} />
          </Group>
        </Group>
      </AppShell.Header>
      {/* Out of sight is out of reach too. */}
      <AppShell.Navbar p="xs" aria-label="Main" inert={narrow && !menuOpen}>
        <SideNavigation places={shown} path={path} onGo={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <NewVersionBar />
        <NotLiveBar />
        <Outlet />
        <LiveRegions />
      </AppShell.Main>
      <AppShell.Footer
        hiddenFrom="sm"
        component="nav"
        aria-label="Most used"
        style={{ paddingBottom: 'env(safe-area-inset-bottom)' }}
      >
        <PhoneTabs path={path} waitingShown={waitingShown} onMore={menu.open} />
      </AppShell.Footer>
      <Suspense>{helpOpen && <KeyHelp opened close={help.close} places={shown} />}</Suspense>
    </AppShell>
  );
}

/** The button is there at once; the menu with all that it needs is loaded when it is first wanted. */
function Account({ onHelp }: { onHelp: () => void }) {
  const [wanted, setWanted] = useState(false);
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label="Account"
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
    >
      <IconUserCircle size={22} stroke={1.6} />
    </ActionIcon>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenu target={button} onHelp={onHelp} />
    </Suspense>
  );
}

/** Moves the focus into a new page, so that keyboards and screen readers do not stay where the last one was. */
function useFocusOnNewPage(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}
