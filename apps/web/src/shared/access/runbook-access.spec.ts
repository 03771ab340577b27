import type { RunbookAccessDto } from '@aiops/contracts';
import { describe, expect, it } from 'vitest';
import { beforeRun, whyNotApprove, youWords } from './runbook-access';

const access: RunbookAccessDto = {
  risk: 'high',
  run: { role: 'responder', users: [] },
  approve: { role: 'engineer', users: ['ann'] },
  self_approval: true,
  is_default: false,
  who_may_run: 'responders and above',
  who_may_approve: 'engineers and above, or Ann',
  you: { may_run: true, must_ask: false, may_approve: true },
  updated_by: null,
  updated_at: null,
};
const byMe = { requested_by: { kind: 'user', id: 'me' } };

describe('whoever looks at an approval', () => {
  it('is told who may, when they may not', () => {
    const outsider = { ...access, you: { ...access.you, may_approve: false } };
    expect(whyNotApprove(outsider, 'me', byMe)).toBe(
      'You may not approve this. Who may: engineers and above, or Ann.',
    );
    expect(whyNotApprove(access, 'me', byMe)).toBeNull();
  });

  it('is told that four eyes need somebody else, for their own request alone', () => {
    const fourEyes = { ...access, self_approval: false };
    expect(whyNotApprove(fourEyes, 'me', byMe)).toContain('needs a second person');
    expect(whyNotApprove(fourEyes, 'other', byMe)).toBeNull();
    expect(whyNotApprove(fourEyes, 'me', { requested_by: { kind: 'rule', id: 'me' } })).toBeNull();
  });
});

describe('whoever wants to run something', () => {
  it('hears before that they may not, or that it will wait and for whom', () => {
    expect(beforeRun(access, 'by_rule')).toEqual({ refused: false, text: null });
    expect(beforeRun(access, 'required').text).toContain('engineers and above, or Ann');
    const asks = { ...access, self_approval: false, you: { ...access.you, must_ask: true } };
    expect(beforeRun(asks, 'never').text).toContain('a second person');
    const outsider = { ...access, you: { ...access.you, may_run: false } };
    expect(beforeRun(outsider, 'never')).toEqual({
      refused: true,
      text: 'You may not run this. Who may: responders and above.',
    });
  });
});

describe('whoever reads who may what', () => {
  it('reads what it means for them', () => {
    expect(youWords(access)).toBe('You may run it. You may approve it.');
    const asks = { may_run: true, must_ask: true, may_approve: false };
    expect(youWords({ you: asks })).toBe('You may run it, which waits for approval. You may not approve it.');
    const reads = { may_run: false, must_ask: true, may_approve: false };
    expect(youWords({ you: reads })).toBe('You may not run it. You may not approve it.');
  });
});
