import { Menu, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconKeyboard, IconLogout, IconMoonStars, IconUserCog } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { signOut } from '../shared/api/keep-session';
import { signInMethods } from '../shared/api/sign-in-methods';
import { useSession } from '../shared/api/session';
import { LinkMenuItem } from '../shared/ui/links';
import { notifyError } from '../shared/ui/notify';

const next = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const words = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** The menu behind the account button; loaded when it is first wanted. */
export function AccountMenu({ target, onHelp }: { target: ReactElement; onHelp: () => void }) {
  const session = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { data: methods } = useQuery(signInMethods);
  const leave = useMutation({
    mutationFn: signOut,
    // Who came through a provider is signed out there too; for others this leads straight back.
    onSuccess: () => {
      if (typeof methods?.oidc?.path === 'string') window.location.assign('/api/v1/auth/oidc/logout');
    },
    onError: (error) => notifyError('You are still signed in', error),
  });
  return (
    <Menu position="bottom-end" width={220} defaultOpened>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session?.user.username} · {session?.user.role}
        </Menu.Label>
        <LinkMenuItem to="/account" leftSection={<IconUserCog size={16} aria-hidden />}>
          Your account
        </LinkMenuItem>
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
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
