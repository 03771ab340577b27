import { describe, expect, it } from 'vitest';
import { renderCommand } from './command.js';

const posix = (template: string, parameters: Record<string, string>): string =>
  renderCommand(template, 'posix', { parameters }).text;

describe('rendering a command', () => {
  it("quotes it's $(x) for each place as the reference shows", () => {
    const v = "it's $(x)";
    expect(posix('echo {{ parameters.v }}', { v })).toBe(`echo 'it'\\''s $(x)'`);
    expect(posix('echo "a {{ parameters.v }}"', { v })).toBe('echo "a it\'s \\$(x)"');
    expect(posix("echo 'a {{ parameters.v }}'", { v })).toBe(`echo 'a it'\\''s $(x)'`);
    expect(posix('echo {{ parameters.v }}', { v: '' })).toBe("echo ''");
  });

  it('refuses a value that a command would take for an option', () => {
    const refused = /begins with "-"/;
    expect(() => posix('rm {{ parameters.v }}', { v: '-rf' })).toThrow(refused);
    expect(() => posix('rm "{{ parameters.v }}"', { v: '-rf' })).toThrow(refused);
    expect(() => posix('kill {{ parameters.v }}', { v: '-1' })).toThrow(refused);
    expect(() => posix('rm {{ parameters.v }}{{ parameters.w }}', { v: '', w: '-rf' })).toThrow(refused);
    expect(() => posix('sudo -- rm {{ parameters.v }}', { v: '-rf' })).toThrow(refused);
    expect(() => posix('kubectl exec web -- rm {{ parameters.v }}', { v: '-rf' })).toThrow(refused);
    expect(() => posix('find -- {{ parameters.v }}', { v: '-delete' })).toThrow(refused);
    expect(() => posix("perl -e 'print' {{ parameters.v }}", { v: '-esystem("id")' })).toThrow(refused);
    expect(posix('rm -- {{ parameters.v }}', { v: '-rf' })).toBe("rm -- '-rf'");
    expect(posix('rm --name={{ parameters.v }}', { v: '-rf' })).toBe("rm --name='-rf'");
    expect(posix('sudo -- rm -- {{ parameters.v }}', { v: '-rf' })).toBe("sudo -- rm -- '-rf'");
  });

  it('takes nothing but a whole number where a shell would compute', () => {
    const template = '[ {{ parameters.v }} -gt 5 ]';
    expect(posix(template, { v: '-12' })).toBe("[ '-12' -gt 5 ]");
    for (const v of ['', 'x', '1.5', 'a[$(id)]', '1 -o 1', '1\n'])
      expect(() => posix(template, { v })).toThrow(/whole number/);
  });

  it('refuses what no argument can hold', () => {
    expect(() => posix('echo {{ parameters.v }}', { v: 'a\0b' })).toThrow(/NUL/);
    expect(() => posix('echo {{ parameters.v }}', { v: '\ud800' })).toThrow(/Unicode/);
  });

  it('masks secrets and marks in a plan what is not known', () => {
    const template = 'curl -H "X: {{ secrets.t }}" {{ parameters.v }} {{ steps.a.stdout | trim }}';
    const scope = { parameters: { v: 'x y' }, secrets: { t: 'hunter2' }, steps: { a: { stdout: 'done\n' } } };
    expect(renderCommand(template, 'posix', scope)).toEqual({
      text: `curl -H "X: hunter2" 'x y' 'done'`,
      masked: `curl -H "X: ***" 'x y' 'done'`,
      unknown: [],
    });
    const plan = `curl -H "X: ‹secrets.t›" 'x y' ‹steps.a.stdout | trim›`;
    expect(renderCommand(template, 'posix', { ...scope, steps: {} }, { plan: true })).toEqual({
      text: plan,
      masked: plan,
      unknown: ['steps.a.stdout'],
    });
  });

  it('needs text for the shell that is asked for', () => {
    const command = { posix: 'uptime', powershell: null };
    expect(renderCommand(command, 'posix', {}).text).toBe('uptime');
    expect(() => renderCommand(command, 'powershell', {})).toThrow(/no command for powershell/);
  });
});
