import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIXED_VALUES, hostileText } from '../hostile-values.test-data.js';
import { commandProblems, renderCommand } from '../command.js';
import { DOUBLE_QUOTES, quotePowerShell, SINGLE_QUOTES } from './quote.js';

const V = '{{ parameters.v }}';
const render = (template: string, v: string): string =>
  renderCommand(template, 'powershell', { parameters: { v } }).text;

const REFUSED = [
  `${V}`,
  `& ${V}`,
  `. ${V}`,
  `& "${V}"`,
  `& (${V})`,
  `$x = & ${V}`,
  `Get-Date; ${V}`,
  `Get-Date | ${V}`,
  `iex ${V}`,
  `Invoke-Expression "x ${V}"`,
  `$x = ${V}; iex $x`,
  `${'echo '}${V} | iex`,
  `powershell -Command "x ${V}"`,
  `pwsh -c ${V}`,
  `powershell.exe -EncodedCommand ${V}`,
  `C:\\x\\pwsh.exe -File a ${V}`,
  `cmd /c "dir ${V}"`,
  `Start-Process ${V}`,
  `Start-Job ${V}`,
  `Get-Service | Where-Object { $_.Name -eq ${V} }`,
  `Invoke-Command -ScriptBlock { Stop-Service ${V} }`,
  `if ($true) { Stop-Service ${V} }`,
  `Write-Output $(Get-Content ${V})`,
  `Write-Output "a $(Get-Content ${V})"`,
  `Write-Output "$(Get-Content "${V}")"`,
  `Write-Output @(1, ${V})`,
  `New-Item @{ a = ${V} }`,
  `[scriptblock]::Create(${V})`,
  `$x.Invoke(${V})`,
  `[IO.File]::ReadAllText("${V}")`,
  `$x = [scriptblock]::Create('a'); Write-Output ${V}`,
  `Write-Output @'\n${V}\n'@`,
  `Write-Output @"\n${V}\n"@`,
  `Write-Output a # ${V}`,
  `Write-Output <# ${V} #> a`,
  `tool --name=${V}`,
  `tool ${V}x`,
  `tool ${V}${V}`,
  `tool '${V}'x`,
  `tool --name="${V}"`,
  `tool \`${V}`,
  `tool "\`${V}"`,
  `tool "$${V}"`,
  `tool "$x${V}"`,
  `tool $${V}`,
  `tool --% ${V}`,
  `& $tool ${V}`,
  `$x | ForEach-Object ${V}`,
  `python -c ${V}`,
  `Set-Alias x ${V}`,
  `Import-Module ${V}`,
  `schtasks /create /tr ${V}`,
  `script.bat ${V}`,
  `function f { ${V} }`,
  `tool "${V}`,
  `tool (${V}`,
  `tool \u00a0${V}`,
  `bash -c ${V}`,
];

describe('a command for PowerShell', () => {
  it.each(REFUSED)('is refused with its place: %s', (template) => {
    const problems = commandProblems(template, 'powershell');
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems)
      expect(problem.offset <= template.length && problem.message !== '').toBe(true);
    expect(() => render(template, 'x')).toThrow();
  });

  it.each([
    [`Restart-Service -Name ${V}`, "Restart-Service -Name 'it''s $(x)'"],
    [`Write-Output "a ${V}: b"`, 'Write-Output "a it\'s `$(x): b"'],
    [`Write-Output 'a ${V}'`, "Write-Output 'a it''s $(x)'"],
    [
      `$v = ${V}; Get-Service | Where-Object { $_.Name -eq $v }`,
      "$v = 'it''s $(x)'; Get-Service | Where-Object { $_.Name -eq $v }",
    ],
    [`(Get-Service ${V}).Status`, "(Get-Service 'it''s $(x)').Status"],
    [`sc.exe query ${V}`, "sc.exe query 'it''s $(x)'"],
    [`Stop-Service ${V},'b' -Force`, "Stop-Service 'it''s $(x)','b' -Force"],
  ])('is accepted and quoted: %s', (template, text) => {
    expect(commandProblems(template, 'powershell')).toEqual([]);
    expect(render(template, "it's $(x)")).toBe(text);
  });

  it('refuses values that a cmdlet would expand or a program would not get unchanged', () => {
    expect(() => render(`Restart-Service ${V}`, '*')).toThrow(/wildcard/);
    expect(() => render(`Restart-Service "web-${V}"`, '[a-z]')).toThrow(/wildcard/);
    expect(render(`Write-Output ${V}`, '*')).toBe("Write-Output '*'");
    for (const v of ['', 'a"b', 'a\\', '-x', '/x', '\u2013x']) expect(() => render(`tool ${V}`, v)).toThrow();
    expect(() => render(`Write-Output ${V}`, 'a\0b')).toThrow(/NUL/);
  });

  it('ends no string with any of the quotes that PowerShell knows', () => {
    fc.assert(
      fc.property(hostileText, (v) => {
        const single = quotePowerShell(v, 'bare').slice(1, -1);
        expect(single.replace(new RegExp(`([${SINGLE_QUOTES}])\\1`, 'g'), '$1')).toBe(v);
        expect(single.replace(new RegExp(`([${SINGLE_QUOTES}])\\1`, 'g'), '')).not.toMatch(
          new RegExp(`[${SINGLE_QUOTES}]`),
        );
        const double = quotePowerShell(v, 'double');
        expect(double.replace(/`([^])/gu, '')).not.toMatch(new RegExp(`[\`$${DOUBLE_QUOTES}]`));
        expect(double.replace(/`([^])/gu, '$1')).toBe(v);
      }),
    );
  });

  it.skipIf(spawnSync('pwsh', ['-v']).status !== 0)(
    'hands every value to a real PowerShell unchanged (skipped where pwsh is not installed)',
    () => {
      const places = [V, `"a ${V}"`, `'a ${V}'`];
      let script = '[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)\n';
      const want: string[] = [];
      for (const v of FIXED_VALUES) {
        for (const place of places) {
          script += `${render(`$v = ${place}`, v)}\n[Console]::Out.Write($v + [char]0)\n`;
          want.push(place === V ? v : `a ${v}`);
        }
      }
      const encoded = Buffer.from(script, 'utf16le').toString('base64');
      const run = spawnSync(
        'pwsh',
        [
          '-NoProfile',
          '-NonInteractive',
          '-Command',
          `iex ([Text.Encoding]::Unicode.GetString([Convert]::FromBase64String([Console]::In.ReadToEnd())))`,
        ],
        { input: encoded },
      );
      expect(run.stdout.toString('utf8').split('\0').slice(0, -1)).toEqual(want);
    },
  );
});
