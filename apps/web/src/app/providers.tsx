import { Loader, MantineProvider, Modal } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications, notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { ApiError } from '../shared/api/client';
import { useSecondFactorDue } from '../shared/api/second-factor-due';
import {
  useExpired,
  useRestoring,
  useSession,
  whenPersonLeaves,
  whenPersonReturns,
} from '../shared/api/session';
import { LiveProvider } from '../shared/live/live';
import { cssVariables, theme } from '../shared/theme/theme';
import { forgetViews } from '../shared/ui/last-view';
import { styleNonce } from '../shared/content-policy';
import { Restoring } from './restoring';
import { router } from './router';

const SignInPage = lazy(() =>
  import('../features/auth/sign-in-page').then((module) => ({ default: module.SignInPage })),
);

const WelcomePage = lazy(() =>
  import('../features/auth/welcome-page').then((module) => ({ default: module.WelcomePage })),
);
const PasswordDuePage = lazy(() =>
  import('../features/auth/password-due-page').then((module) => ({ default: module.PasswordDuePage })),
);

const SecondFactorDuePage = lazy(() =>
  import('../features/auth/second-factor-due-page').then((module) => ({
    default: module.SecondFactorDuePage,
  })),
);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Pushes change only what is on screen: a page that comes back must read again, or it would show the past.
      staleTime: 0,
      // The engine's refusals stay refusals; only an engine that is away is asked again.
      retry: (count, error) => !(error instanceof ApiError && error.problem.status < 500) && count < 2,
    },
    mutations: { retry: false },
  },
});

whenPersonLeaves(() => {
  queries.clear();
  notifications.clean();
  forgetViews();
});

whenPersonReturns(() => void queries.invalidateQueries());

export function Providers() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queries}>
        <ModalsProvider>
          <Notifications position="top-right" limit={3} />
          <SignedIn />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The address stays while somebody signs in, so that they come out where they wanted to go. */
function SignedIn() {
  const session = useSession();
  const expired = useExpired();
  const restoring = useRestoring();
  const secondFactorDue = useSecondFactorDue();
  if (window.location.pathname === '/welcome')
    return (
      <Suspense fallback={<Loader m="xl" />}>
        <WelcomePage />
      </Suspense>
    );
  if (restoring) return <Restoring />;
  if (session === null)
    return (
      <Suspense fallback={<Loader m="xl" />}>
        <SignInPage />
      </Suspense>
    );
  if (session.user.must_change_password && session.user.has_password)
    return (
      <Suspense fallback={<Loader m="xl" />}>
        <PasswordDuePage username={session.user.username} />
      </Suspense>
    );
  if (secondFactorDue)
    return (
      <Suspense fallback={<Loader m="xl" />}>
        <SecondFactorDuePage username={session.user.username} />
      </Suspense>
    );
  return (
    <>
      {/* Another person starts with a page of their own; the same one finds theirs, and its drafts, as it was. */}
      <LiveProvider key={session.user.id}>
        <RouterProvider router={router} />
      </LiveProvider>
      <Modal.Root opened={expired} onClose={() => undefined} fullScreen closeOnEscape={false} zIndex={1000}>
        <Modal.Content aria-label="Sign in again">
          <Modal.Body>
            <Suspense fallback={<Loader />}>
              <SignInPage again={session.user.username} />
            </Suspense>
          </Modal.Body>
        </Modal.Content>
      </Modal.Root>
    </>
  );
}
