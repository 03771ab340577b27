import type { SessionDto } from '@aiops/contracts';

/** What stands beside a session, so that a person finds their phone in the list. */
export function kindOf({
  user_agent: agent,
}: Pick<SessionDto, 'user_agent'>): 'computer' | 'phone' | 'program' {
  if (agent === null || !agent.startsWith('Mozilla/')) return 'program';
  return /\b(iPhone|iPad|Android|Mobile)\b/.test(agent) ? 'phone' : 'computer';
}

/** The session that asks goes first; the order of the others stays. */
export const ownFirst = (sessions: readonly SessionDto[]): SessionDto[] =>
  [...sessions].sort((one, other) => Number(other.current) - Number(one.current));
