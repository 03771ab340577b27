import { messageOf } from '../api/client';

/** What a browser's refusal to make or use a passkey means, in words (WebAuthn Level 3, 5.1.3 and 5.1.4). */
export function passkeyProblem(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  switch (error.name) {
    case 'NotAllowedError':
    case 'AbortError':
      return 'The browser was not given a passkey: it was cancelled, or took too long. Try again.';
    case 'InvalidStateError':
      return 'This device has a passkey for you already.';
    case 'NotSupportedError':
      return 'This browser or device cannot make such a passkey.';
    case 'SecurityError':
      return 'The browser gives no passkeys to this address.';
    default:
      return messageOf(error);
  }
}
