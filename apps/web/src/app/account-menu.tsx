import { Menu } from '@mantine/core';
import { useMantineColorScheme } from '@mantine/core';
import { IconKeyboard, IconLogout, IconMoonStars } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { setSession, useSession } from '../shared/api/session';

const next = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const words = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** The menu behind the account button; loaded when it is first wanted. */
export function AccountMenu({ target, onHelp }: { target: ReactElement; onHelp: () => void }) {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220} defaultOpened>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session?.user.username} · {session?.user.role}
        </Menu.Label>
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<IconMoonStars size={16} aria-hidden />}
          onClick={() => setColorScheme(next[colorScheme])}
        >
          Theme: {words[colorScheme]}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={onHelp}>
          Keys (?)
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => setSession(null)}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
