import {
  IconActivityHeartbeat,
  IconBell,
  IconBook2,
  IconGitBranch,
  IconPlayerPlay,
  IconServer2,
  IconSettings,
} from '@tabler/icons-react';

/** Where one can go, in order of urgency. */
export const places = [
  { to: '/overview', label: 'Overview', icon: IconActivityHeartbeat, keys: 'g o' },
  { to: '/alerts', label: 'Alerts', icon: IconBell, keys: 'g a' },
  { to: '/executions', label: 'Executions', icon: IconPlayerPlay, keys: 'g e' },
  { to: '/runbooks', label: 'Runbooks', icon: IconBook2, keys: 'g r' },
  { to: '/rules', label: 'Rules', icon: IconGitBranch, keys: 'g u' },
  { to: '/targets', label: 'Targets', icon: IconServer2, keys: 'g t' },
  { to: '/settings', label: 'Settings', icon: IconSettings, keys: 'g s' },
] as const;

export type Place = (typeof places)[number];
