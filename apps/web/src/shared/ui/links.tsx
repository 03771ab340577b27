import {
  Anchor,
  Button,
  Menu,
  NavLink,
  type AnchorProps,
  type ButtonProps,
  type MenuItemProps,
  type ElementProps,
  type NavLinkProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';

type Linked<Props> = Props & ElementProps<'a', Extract<keyof Props, string>>;

/** Mantine's parts as links of the router: typed addresses, opened in place, and in a new tab when asked. */
export const LinkAnchor = createLink((props: Linked<AnchorProps>) => <Anchor {...props} />);
export const LinkButton = createLink((props: Linked<ButtonProps>) => <Button component="a" {...props} />);
export const LinkNav = createLink((props: Linked<NavLinkProps>) => <NavLink component="a" {...props} />);
export const LinkMenuItem = createLink((props: Linked<MenuItemProps>) => (
  <Menu.Item component="a" {...props} />
));
