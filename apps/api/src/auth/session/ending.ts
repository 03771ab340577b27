import type { EndReason, Standing } from './session-rules.js';

/** What ended a session: somebody, or time. */
export type Ending = EndReason | Exclude<Standing, 'live' | 'ended'>;

const words: Readonly<Record<Ending, string>> = {
  signed_out: 'You have signed out.',
  signed_out_everywhere: 'You have signed out everywhere.',
  ended_by_user: 'You ended this session from another one.',
  ended_by_admin: 'An administrator ended your sessions.',
  access_changed: 'Your password or your access has changed, which ends all sessions.',
  replaced: 'Somebody signed in anew in this browser.',
  too_many: 'You were signed in on too many devices; this was the one not used for longest.',
  token_reused:
    'Proof of your session was used twice, so that somebody else may have it: the session was ended for both. If you did not expect that, change your password.',
  idle: 'Your session was not used for too long.',
  expired: 'Your session has lasted as long as one may.',
};

/** Says to somebody whose session it was why it is over; null where nobody knows. */
export function wordsFor(ending: Ending | null): string {
  return `${ending === null ? 'Your session has ended.' : words[ending]} Sign in again.`;
}
