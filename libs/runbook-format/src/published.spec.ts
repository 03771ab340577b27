import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  FILTER_NAMES,
  matchTrigger,
  parseRunbook,
  renderCommand,
  RUNBOOK_TEMPLATES,
  runbookJsonSchema,
} from './index.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Update the files with: npx vitest run --project runbook-format src/published.spec.ts -u */
describe('what is published beside the code', () => {
  it('docs/runbook.schema.json is the schema that the code is checked by', async () => {
    await expect(`${JSON.stringify(runbookJsonSchema, null, 2)}\n`).toMatchFileSnapshot(
      at('../../../docs/runbook.schema.json'),
    );
  });

  it('describes every key, so that an editor can explain it', () => {
    const missing: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema) as [string, unknown][]) {
        if (key === 'properties' && typeof value === 'object' && value !== null) {
          for (const [name, property] of Object.entries(value))
            if (!('description' in Object(property))) missing.push(`${path}.${name}`);
        }
        visit(value, `${path}.${key}`);
      }
    };
    visit(runbookJsonSchema, '');
    expect(missing).toEqual([]);
  });

  it.each(RUNBOOK_TEMPLATES.map(({ name, yaml }) => [name, yaml] as const))(
    'templates/%s.yaml is the template of that name, and valid',
    async (name, yaml) => {
      await expect(yaml).toMatchFileSnapshot(at(`../templates/${name}.yaml`));
      const { runbook, errors, warnings } = parseRunbook(yaml);
      expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
      expect(runbook?.name).toBe(name);
    },
  );

  it('has no template file that the code does not know', () => {
    expect(readdirSync(at('../templates')).sort()).toEqual(
      RUNBOOK_TEMPLATES.map(({ name }) => `${name}.yaml`).sort(),
    );
  });

  it('restart-service is for the plain alert ServiceDown', () => {
    const { runbook } = parseRunbook(
      RUNBOOK_TEMPLATES.find(({ name }) => name === 'restart-service')?.yaml ?? '',
    );
    const facts = { alertName: 'ServiceDown', labels: { service: 'nginx' }, firedForMs: 0, occurrences: 1 };
    expect(runbook?.triggers.map((trigger) => matchTrigger(trigger, facts).matches)).toEqual([true]);
    const [, restart] = runbook?.steps ?? [];
    const command = restart?.kind === 'command' ? restart.command : '';
    expect(renderCommand(command, 'posix', { parameters: { service: 'nginx' } }).text).toBe(
      "sudo -n systemctl restart -- 'nginx'",
    );
  });
});

describe('docs/runbook-format.md', () => {
  const reference = readFileSync(at('../../../docs/runbook-format.md'), 'utf8');

  it('has a complete example without a fault', () => {
    const example = /```yaml\n([^]*?)```/.exec(reference)?.[1] ?? '';
    const { errors, warnings } = parseRunbook(example);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  });

  it('names every key and every filter', () => {
    const keys = new Set<string>();
    const visit = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, value] of Object.entries(schema) as [string, unknown][]) {
        if (key === 'properties' && typeof value === 'object' && value !== null)
          Object.keys(value).forEach((name) => keys.add(name));
        visit(value);
      }
    };
    visit(runbookJsonSchema);
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys, ...FILTER_NAMES].filter((name) => !new RegExp(`\\b${name}\\b`).test(reference))).toEqual(
      [],
    );
  });
});
