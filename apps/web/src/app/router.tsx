import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from '@tanstack/react-router';
import { alertSearch } from '../features/alerts/search';
import { auditSearch } from '../features/audit/search';
import { executionSearch } from '../features/executions/search';
import { settingsSearch } from '../features/settings/search';
import { rememberView } from '../shared/ui/last-view';
import { NotFoundPage } from './not-found';
import { PageError } from './page-error';
import { Shell } from './shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: () => <Navigate to="/overview" replace />,
});
const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  component: lazyRouteComponent(() => import('../features/overview/overview-page'), 'OverviewPage'),
});
const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: alertSearch,
  component: lazyRouteComponent(() => import('../features/alerts/alerts-page'), 'AlertsPage'),
});
const alert = createRoute({
  getParentRoute: () => root,
  path: '/alerts/$id',
  component: lazyRouteComponent(() => import('../features/alerts/alert-page'), 'AlertPage'),
});
const executions = createRoute({
  getParentRoute: () => root,
  path: '/executions',
  validateSearch: executionSearch,
  component: lazyRouteComponent(() => import('../features/executions/executions-page'), 'ExecutionsPage'),
});
const execution = createRoute({
  getParentRoute: () => root,
  path: '/executions/$id',
  component: lazyRouteComponent(() => import('../features/executions/execution-page'), 'ExecutionPage'),
});
const runbooks = createRoute({
  getParentRoute: () => root,
  path: '/runbooks',
  component: lazyRouteComponent(() => import('../features/runbooks/runbooks-page'), 'RunbooksPage'),
});
const newRunbook = createRoute({
  getParentRoute: () => root,
  path: '/runbooks/new',
  validateSearch: (search: Record<string, unknown>): { template?: string } =>
    typeof search['template'] === 'string' ? { template: search['template'] } : {},
  component: lazyRouteComponent(() => import('../features/runbooks/runbook-page'), 'NewRunbookPage'),
});
const runbook = createRoute({
  getParentRoute: () => root,
  path: '/runbooks/$id',
  component: lazyRouteComponent(() => import('../features/runbooks/runbook-page'), 'RunbookPage'),
});
const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  component: lazyRouteComponent(() => import('../features/rules/rules-page'), 'RulesPage'),
});
const targets = createRoute({
  getParentRoute: () => root,
  path: '/targets',
  component: lazyRouteComponent(() => import('../features/targets/targets-page'), 'TargetsPage'),
});
const target = createRoute({
  getParentRoute: () => root,
  path: '/targets/$id',
  component: lazyRouteComponent(() => import('../features/targets/target-page'), 'TargetPage'),
});
const knownHosts = createRoute({
  getParentRoute: () => root,
  path: '/known-hosts',
  component: lazyRouteComponent(() => import('../features/targets/known-hosts-page'), 'KnownHostsPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: settingsSearch,
  component: lazyRouteComponent(() => import('../features/settings/settings-page'), 'SettingsPage'),
});
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('../features/account/account-page'), 'AccountPage'),
});
const flags = createRoute({
  getParentRoute: () => root,
  path: '/feature-flags',
  component: lazyRouteComponent(() => import('../features/flags/flags-page'), 'FlagsPage'),
});

const auditLog = createRoute({
  getParentRoute: () => root,
  path: '/audit-log',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../features/audit/audit-page'), 'AuditPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    index,
    overview,
    alerts,
    alert,
    executions,
    execution,
    runbooks,
    newRunbook,
    runbook,
    rules,
    targets,
    target,
    knownHosts,
    settings,
    account,
    flags,
    auditLog,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

router.subscribe('onResolved', ({ toLocation }) => rememberView(toLocation.pathname, toLocation.search));

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
