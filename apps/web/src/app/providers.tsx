import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { SignInPage } from '../features/auth/sign-in-page';
import { ApiError } from '../shared/api/client';
import { useSession } from '../shared/api/session';
import { LiveProvider } from '../shared/live/live';
import { cssVariables, theme } from '../shared/theme/theme';
import { router } from './router';

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

export function Providers() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
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
  if (useSession() === null) return <SignInPage />;
  return (
    <LiveProvider>
      <RouterProvider router={router} />
    </LiveProvider>
  );
}
