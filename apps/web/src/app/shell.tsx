import {
  ActionIcon,
  AppShell,
  Box,
  Burger,
  Group,
  Menu,
  Modal,
  NavLink,
  Table,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivityHeartbeat,
  IconBell,
  IconBook2,
  IconGitBranch,
  IconLogout,
  IconMoonStars,
  IconPlayerPlay,
  IconServer2,
  IconSettings,
  IconUserCircle,
} from '@tabler/icons-react';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { setSession, useMay, useSession } from '../shared/api/session';
import { useHotkeys } from '../shared/ui/hotkeys';
import { ApprovalsButton } from './approvals-button';
import { ConnectionPill, NotLiveBar } from './connection';

const places = [
  { to: '/overview', label: 'Overview', icon: IconActivityHeartbeat, keys: 'g o', phone: false },
  { to: '/alerts', label: 'Alerts', icon: IconBell, keys: 'g a', phone: true },
  { to: '/executions', label: 'Executions', icon: IconPlayerPlay, keys: 'g e', phone: true },
  { to: '/runbooks', label: 'Runbooks', icon: IconBook2, keys: 'g r', phone: true },
  { to: '/rules', label: 'Rules', icon: IconGitBranch, keys: 'g u', phone: false },
  { to: '/targets', label: 'Targets', icon: IconServer2, keys: 'g t', phone: false },
  { to: '/settings', label: 'Settings', icon: IconSettings, keys: 'g s', phone: false },
] as const;

export function Shell() {
  const [menuOpen, menu] = useDisclosure(false);
  const [helpOpen, help] = useDisclosure(false);
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const engineer = useMay('engineer');
  const shown = places.filter((place) => place.to !== '/settings' || engineer);
  useHotkeys({
    ...Object.fromEntries(shown.map((place) => [place.keys, () => void navigate({ to: place.to })])),
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
            <Burger opened={menuOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
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
            <AccountMenu onHelp={help.open} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Main">
        {shown.map(({ to, label, icon: Icon, keys }) => (
          <Tooltip key={to} label={`${label} — ${keys}`} position="right" openDelay={600}>
            <NavLink
              component={Link}
              to={to}
              label={label}
              active={path.startsWith(to)}
              aria-current={path.startsWith(to) ? 'page' : undefined}
              leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
              onClick={menu.close}
              style={{ borderRadius: 6 }}
            />
          </Tooltip>
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <NotLiveBar />
        <Outlet />
      </AppShell.Main>
      <AppShell.Footer
        hiddenFrom="sm"
        component="nav"
        aria-label="Main, phone"
        style={{ paddingBottom: 'env(safe-area-inset-bottom)' }}
      >
        <Group h="100%" grow gap={0}>
          {places
            .filter((place) => place.phone)
            .map(({ to, label, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                className="plain"
                aria-current={path.startsWith(to) ? 'page' : undefined}
              >
                <Box ta="center" c={path.startsWith(to) ? 'var(--mantine-color-anchor)' : 'dimmed'}>
                  <Icon size={20} stroke={1.6} aria-hidden />
                  <Text size="xs">{label}</Text>
                </Box>
              </Link>
            ))}
        </Group>
      </AppShell.Footer>
      <Modal opened={helpOpen} onClose={help.close} title="Keys">
        <KeyHelp />
      </Modal>
    </AppShell>
  );
}

function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const next = { auto: 'light', light: 'dark', dark: 'auto' } as const;
  const words = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Account">
          <IconUserCircle size={22} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session?.user.username} · {session?.user.role}
        </Menu.Label>
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<IconMoonStars size={16} />}
          onClick={() => setColorScheme(next[colorScheme])}
        >
          Theme: {words[colorScheme]}
        </Menu.Item>
        <Menu.Item onClick={onHelp}>Keys (?)</Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => setSession(null)}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const keyHelp: [string, string][] = [
  ...places.map((place): [string, string] => [place.keys, place.label]),
  ['g p', 'Approvals'],
  ['/', 'Search in the list'],
  ['j  k', 'Next, previous row'],
  ['Enter', 'Open the row'],
  ['x', 'Select the row'],
  ['Esc', 'Close the top layer'],
  ['?', 'These keys'],
];

function KeyHelp() {
  return (
    <Table>
      <Table.Tbody>
        {keyHelp.map(([keys, what]) => (
          <Table.Tr key={keys}>
            <Table.Td>
              <kbd>{keys}</kbd>
            </Table.Td>
            <Table.Td>{what}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
