import { describe, expect, it } from 'vitest';
import { differences, docExamples } from './doc-examples.js';

describe('examples of the documentation', () => {
  it('are its commands, each with the answer that follows it', () => {
    const page =
      '# A\n\n```bash\nrun\n```\n\n```sh\nnot run\n```\n\n```bash\nask\n```\n\n```json\n{"a": 1}\n```\n';
    expect(docExamples(page)).toEqual([
      { line: 4, command: 'run\n', answer: undefined, shows: false },
      { line: 12, command: 'ask\n', answer: { a: 1 }, shows: true },
    ]);
  });

  it('are wrong where a shown value is not answered, and only there', () => {
    const found = { id: 'x1', name: 'a', list: [1, 2], more: true };
    expect(differences({ id: '…', name: 'a' }, found)).toEqual([]);
    expect(differences({ id: 'x…', list: [1, '…'] }, found)).toEqual([]);
    expect(differences({ name: 'b' }, found)).toEqual(['$.name: "b" is shown, "a" is answered']);
    expect(differences({ list: [1] }, found)).toEqual(['$.list: 1 entries are shown, 2 are answered']);
    expect(differences({ gone: null }, found)).toHaveLength(1);
  });
});
