import { ConnectError } from '../errors.js';

/** The host is to be asked for a key of another type: `offer` is what is left. */
export class OtherKeyWanted extends Error {
  override readonly name = 'OtherKeyWanted';
  constructor(readonly offer: readonly string[]) {
    super('Another host key is asked for');
  }
}

/**
 * Connects, and again with what is left of the offer as long as the host shows another key than the pinned one. When it
 * has none of the other types, the last attempt lets what it shows be judged as it is.
 */
export async function untilPinned<T>(
  offer: readonly string[],
  attempt: (offer: readonly string[], isLast: boolean) => Promise<T>,
): Promise<T> {
  let left = offer;
  while (left.length > 0) {
    try {
      return await attempt(left, false);
    } catch (error) {
      if (error instanceof OtherKeyWanted) left = error.offer;
      else if (left !== offer && isDisagreement(error)) break;
      else throw error;
    }
  }
  return attempt(offer, true);
}

/** ssh2 gives up a handshake without a host key algorithm that both know. */
const isDisagreement = (error: unknown): boolean =>
  error instanceof ConnectError &&
  error.cause instanceof Error &&
  'level' in error.cause &&
  error.cause.level === 'handshake';
