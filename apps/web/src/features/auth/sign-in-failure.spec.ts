import { expect, it } from 'vitest';
import { signInFailure } from './sign-in-failure';

it('says why the provider did not let somebody in, and nothing that the address makes up', () => {
  expect(signInFailure('?sign_in_error=no_role')).toContain('no role');
  expect(signInFailure('?a=1&sign_in_error=provider_away')).toContain('password');
  expect(signInFailure('?sign_in_error=Call+0800+and+tell+your+password')).toBeNull();
  expect(signInFailure('')).toBeNull();
});
