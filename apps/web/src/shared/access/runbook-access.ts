import type { RunbookAccessDto } from '@aiops/contracts';
import { queryOptions, skipToken } from '@tanstack/react-query';
import { get } from '../api/client';

/** Who may run and approve a runbook, and what that means for who looks; nothing is asked for none. */
export const runbookAccess = (runbookId: string | null) =>
  queryOptions({
    queryKey: ['runbooks', 'access', runbookId],
    queryFn:
      runbookId === null
        ? skipToken
        : ({ signal }) => get<RunbookAccessDto>(`/runbooks/${runbookId}/access`, {}, signal),
  });

export const riskWords: Record<RunbookAccessDto['risk'], string> = {
  low: 'Risk: low.',
  high: 'Risk: high. Engineers and administrators approve it, and people who are named.',
};

/** What the access means for the person who looks. */
export function youWords({ you }: Pick<RunbookAccessDto, 'you'>): string {
  const approve = you.may_approve ? 'You may approve it.' : 'You may not approve it.';
  if (!you.may_run) return `You may not run it. ${approve}`;
  const run = you.must_ask ? 'You may run it, which waits for approval.' : 'You may run it.';
  return `${run} ${approve}`;
}

interface Asked {
  requested_by: { kind: string; id: string | null };
}

/** Why the person who looks may not approve, for a sentence on the card; null when they may. The engine decides. */
export function whyNotApprove(access: RunbookAccessDto, userId: string, asked: Asked): string | null {
  const who = `Who may: ${access.who_may_approve}.`;
  if (!access.you.may_approve) return `You may not approve this. ${who}`;
  const isOwn = asked.requested_by.kind === 'user' && asked.requested_by.id === userId;
  if (isOwn && !access.self_approval)
    return `You asked for this run yourself, and it needs a second person. ${who}`;
  return null;
}

/** What a person must know before they start a run. */
export interface BeforeRun {
  refused: boolean;
  text: string | null;
}
export const nothingToSay: BeforeRun = { refused: false, text: null };

export function beforeRun(access: RunbookAccessDto, approval: string): BeforeRun {
  if (!access.you.may_run)
    return { refused: true, text: `You may not run this. Who may: ${access.who_may_run}.` };
  if (!access.you.must_ask && approval !== 'required') return nothingToSay;
  const whose = access.self_approval ? 'an approval' : 'the approval of a second person';
  return {
    refused: false,
    text: `It waits for ${whose} before anything runs. Who may give it: ${access.who_may_approve}.`,
  };
}
