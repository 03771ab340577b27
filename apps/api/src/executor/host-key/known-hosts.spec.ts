import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { matchHosts } from './host-patterns.js';
import { blobOf, Keygen } from './keygen.fixture.js';
import { parseKnownHosts } from './known-hosts.js';
import { planKnownHosts, type PlanState } from './known-hosts-plan.js';
import { readPublicKey } from './public-key.js';

const keygen = new Keygen();
afterAll(() => keygen.remove());
const [a, b, ca] = [keygen.key('a'), keygen.key('b', 'ecdsa'), keygen.key('ca')];
const fingerprint = (line: string): string => readPublicKey(blobOf(line)).fingerprint;

describe('parseKnownHosts', () => {
  it('reads every kind of line', () => {
    const content = [
      '# made by hand',
      '',
      `web-1.example,10.0.0.7 ${a} root@web-1 on floor 2`,
      `  [web-2.example]:2222\t${b}`,
      `@cert-authority *.example,!db.example ${ca} our CA`,
      `@revoked * ${a}`,
    ].join('\r\n');
    expect(parseKnownHosts(`\uFEFF${content}\r\n`)).toMatchObject([
      { line: 1, kind: 'blank' },
      { line: 2, kind: 'blank' },
      {
        line: 3,
        kind: 'entry',
        marker: null,
        hosts: 'web-1.example,10.0.0.7',
        comment: 'root@web-1 on floor 2',
      },
      { line: 4, kind: 'entry', hosts: '[web-2.example]:2222', comment: '' },
      { line: 5, kind: 'entry', marker: 'cert-authority', hosts: '*.example,!db.example', comment: 'our CA' },
      { line: 6, kind: 'entry', marker: 'revoked', hosts: '*' },
    ]);
  });

  it.each([
    ['web-1', 'it has one word'],
    ['web-1 ssh-ed25519', 'the key is missing'],
    [`@revoked`, 'host names and the key are missing'],
    [`@trusted * ${a}`, 'the marker @trusted is not known'],
    [`web-1 ${a.slice(0, -3)}`, 'cut off'],
    [`web-1 ssh-rsa ${a.split(' ')[1] ?? ''}`, 'the line says ssh-rsa'],
    [`web-1 1024 65537 123456789`, 'SSH version 1'],
    [`|1|x ${a}`, 'hashed host name'],
    [`web-1,, ${a}`, 'empty'],
    ['web-1 ssh-dss AAAAB3NzaC1kc3MAAAAA', 'ssh-dss are not supported'],
  ])('says what is wrong with "%s"', (text, problem) => {
    expect(parseKnownHosts(text)).toMatchObject([
      { kind: 'invalid', problem: expect.stringContaining(problem) as string },
    ]);
  });

  it('reads whatever it is given, one result for each line', () => {
    const text = fc.array(
      fc.oneof(fc.string(), fc.constantFrom(`x ${a}`, `@revoked ${a}`, '|1|||', '\r', '@ ')),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const lines = parseKnownHosts(parts.join('\n'));
        expect(lines.map(({ line }) => line)).toEqual(lines.map((_line, index) => index + 1));
      }),
    );
  });

  it('reads a file that ssh-keygen -H has hashed, as ssh-keygen -F finds it', () => {
    const hosts = ['web-1.example', '[web-1.example]:2222', 'db.example'];
    keygen.write('known_hosts', `${hosts.map((host) => `${host} ${a}`).join('\n')}\n@revoked * ${b}\n`);
    keygen.run('-H', '-f', 'known_hosts');
    const lines = parseKnownHosts(`${keygen.read('known_hosts')}\n`);
    for (const name of [...hosts, 'web-2.example']) {
      const found = [...keygen.tryRun('-F', name, '-f', 'known_hosts').matchAll(/found: line (\d+)/g)].map(
        (hit) => Number(hit[1]),
      );
      const ours = lines.filter((line) => line.kind === 'entry' && matchHosts(line.hosts, name) === 'match');
      expect(ours.map(({ line }) => line)).toEqual(found);
    }
  });
});

describe('planKnownHosts', () => {
  const targets = [
    { id: '1', name: 'web', host: 'web-1.example', port: 22 },
    { id: '2', name: 'alt', host: 'web-1.example', port: 2222 },
    { id: '3', name: 'db', host: 'db.example', port: 22 },
  ];
  const plan = (content: string, state: Partial<PlanState> = {}) =>
    planKnownHosts(parseKnownHosts(content), { targets, keys: [], rules: [], ...state });
  const known = (line: string, status: 'accepted' | 'revoked' | 'pending', targetId = '1') => ({
    targetId,
    fingerprint: fingerprint(line),
    algorithm: line.split(' ')[0] ?? '',
    status,
  });

  it('pins a key on the targets that the line names, with their port', () => {
    const [plain, withPort, wild, none, near] = plan(
      [
        `web-1.example ${a}`,
        `[web-1.example]:2222 ${a}`,
        `*.example ${b}`,
        `mail ${a}`,
        `[db.example]:2222,db ${a}`,
      ].join('\n'),
    );
    expect(plain).toMatchObject({ action: 'pin', targets: [{ name: 'web', effect: 'pin' }] });
    expect(withPort).toMatchObject({ action: 'pin', targets: [{ name: 'alt' }] });
    expect(wild).toMatchObject({ action: 'pin', targets: [{ name: 'web' }, { name: 'db' }] });
    expect(none).toMatchObject({ action: 'unmatched', message: 'It names no target.' });
    expect(near).toMatchObject({ action: 'unmatched', targets: [] });
    const [portless] = plan(`web-1.example ${a}`, { targets: targets.slice(1, 2) });
    expect(portless?.message).toContain('alt is known as [web-1.example]:2222');
  });

  it('does nothing twice, and takes back nothing that a person decided', () => {
    const [first, second] = plan(`web-1.example ${a}\nweb-1.example ${a}`);
    expect([first?.action, second?.action]).toEqual(['pin', 'unchanged']);
    expect(plan(`web-1.example ${a}`, { keys: [known(a, 'accepted')] })).toMatchObject([
      { action: 'unchanged' },
    ]);
    expect(plan(`web-1.example ${a}`, { keys: [known(a, 'pending')] })).toMatchObject([{ action: 'pin' }]);
    const [revoked] = plan(`web-1.example ${a}`, { keys: [known(a, 'revoked')] });
    expect(revoked).toMatchObject({ action: 'refused', targets: [{ effect: 'refused' }] });
    expect(revoked?.message).toContain('accept it there');
  });

  it('says when a target goes on trusting another key of the type', () => {
    const [line] = plan(`web-1.example ${ca}`, { keys: [known(a, 'accepted')] });
    expect(line).toMatchObject({ action: 'pin' });
    expect(line?.message).toContain('goes on trusting another key of this type');
  });

  it('lets a revocation win, wherever in the file it stands', () => {
    const lines = plan(
      [`*.example ${a}`, `@cert-authority * ${ca}`, `@revoked db.example ${a}`, `@revoked * ${ca}`].join(
        '\n',
      ),
    );
    expect(lines.map(({ action }) => action)).toEqual(['pin', 'refused', 'revoke', 'revoke']);
    expect(lines[0]?.targets).toEqual([
      { id: '1', name: 'web', effect: 'pin' },
      { id: '3', name: 'db', effect: 'refused' },
    ]);
  });

  it('says which targets an authority or a revocation concerns, and what is so already', () => {
    const rules = [
      { kind: 'certificate_authority' as const, hosts: '*.example', fingerprint: fingerprint(ca) },
    ];
    expect(plan(`@cert-authority *.example,!db.example ${ca}`)).toMatchObject([
      { action: 'trust_authority', targets: [{ name: 'web', effect: 'trust' }, { name: 'alt' }] },
    ]);
    expect(plan(`@cert-authority *.example ${ca}`, { rules })).toMatchObject([{ action: 'unchanged' }]);
    expect(plan(`@revoked * ${a}`, { keys: [known(a, 'accepted')] })).toMatchObject([
      { action: 'revoke', targets: [{ name: 'web', effect: 'revoke' }] },
    ]);
  });

  it('leaves out comments and what cannot be read, and says why', () => {
    expect(plan('# hello\n\nnonsense')).toMatchObject([
      { action: 'ignored' },
      { action: 'ignored' },
      {
        line: 3,
        text: 'nonsense',
        action: 'invalid',
        message: expect.stringMatching(/^It has one word.*\.$/) as string,
      },
    ]);
  });
});
