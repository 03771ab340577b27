import { auditActions } from '@aiops/contracts';
import { describe, expect, it } from 'vitest';
import { actionWord, changeRows } from './audit-words';

describe('the words of the audit log', () => {
  it('are there for every action, begin with a capital and have no underscores', () => {
    for (const action of auditActions) expect(actionWord(action)).toMatch(/^[A-Z][A-Za-z -]+$/);
    expect(actionWord('llm_provider.tested')).toBe('Model tested');
  });

  it('tell a change field by field, and of a secret that there is one', () => {
    const before = { port: 22, labels: { env: 'test' }, sealed: '***' };
    const after = { port: 2222, sealed: '***', credential_id: null };
    expect(changeRows({ before, after })).toEqual([
      { field: 'port', before: '22', after: '2222', secret: false },
      { field: 'labels', before: '{\n "env": "test"\n}', after: null, secret: false },
      { field: 'sealed', before: '***', after: '***', secret: true },
      { field: 'credential id', before: null, after: 'null', secret: false },
    ]);
  });
});
