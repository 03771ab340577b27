import { Alert, Button, Divider } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { signInMethods } from '../../shared/api/sign-in-methods';
import { signInFailure } from './sign-in-failure';

/** Signing in through the provider, where there is one; the page that was asked for comes afterwards. */
export function ProviderWayIn() {
  const { data } = useQuery(signInMethods);
  const provider = data?.oidc ?? null;
  if (provider === null) return null;
  const { pathname, search } = window.location;
  const wanted = encodeURIComponent(pathname + search);
  return (
    <>
      <Divider label="or" />
      <Button component="a" variant="default" href={`${provider.path}?return_to=${wanted}`}>
        Sign in with {provider.label}
      </Button>
    </>
  );
}

/** Why the last attempt did not work. Said once: it is taken out of the address. */
export function ProviderFailure() {
  const [failure] = useState(() => signInFailure(window.location.search));
  useEffect(() => {
    if (failure === null) return;
    const url = new URL(window.location.href);
    url.searchParams.delete('sign_in_error');
    window.history.replaceState(window.history.state, '', url);
  }, [failure]);
  if (failure === null) return null;
  return (
    <Alert variant="outline" color="gray" role="alert">
      {failure}
    </Alert>
  );
}
