import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const lint = async (filePath, code) => {
  // Type-aware rules need files of a project; these rules do not.
  const eslint = new ESLint({
    overrideConfig: [
      { languageOptions: { parserOptions: { projectService: false, project: null } } },
      { rules: typeAwareOff },
    ],
  });
  const [result] = await eslint.lintText(code, { filePath });
  return result.messages.map((message) => message.ruleId);
};
const typeAwareOff = Object.fromEntries(
  [
    'await-thenable',
    'no-array-delete',
    'no-base-to-string',
    'no-deprecated',
    'no-duplicate-type-constituents',
    'no-floating-promises',
    'no-for-in-array',
    'no-implied-eval',
    'no-misused-promises',
    'no-redundant-type-constituents',
    'no-unnecessary-type-assertion',
    'no-unsafe-argument',
    'no-unsafe-assignment',
    'no-unsafe-call',
    'no-unsafe-enum-comparison',
    'no-unsafe-member-access',
    'no-unsafe-return',
    'no-unsafe-unary-minus',
    'only-throw-error',
    'prefer-promise-reject-errors',
    'require-await',
    'restrict-plus-operands',
    'restrict-template-expressions',
    'switch-exhaustiveness-check',
    'unbound-method',
  ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
);

describe('the lint rules', () => {
  it.each([
    [
      'any',
      'apps/api/src/x.ts',
      'export const x = (value: any): unknown => value;',
      '@typescript-eslint/no-explicit-any',
    ],
    [
      'a non-null assertion',
      'apps/api/src/x.ts',
      'export const x = (value?: string): string => value!;',
      '@typescript-eslint/no-non-null-assertion',
    ],
    ['console', 'apps/api/src/x.ts', "console.log('x');", 'no-console'],
    ['a default export', 'apps/api/src/x.ts', 'export default class X {}', 'no-restricted-syntax'],
    [
      'an HTTP exception in a service',
      'apps/api/src/x.service.ts',
      "import { NotFoundException } from '@nestjs/common';\nexport const x = NotFoundException;",
      'no-restricted-imports',
    ],
    [
      'a test that is switched off',
      'apps/api/src/x.spec.ts',
      "it.skip('x', () => undefined);",
      'no-restricted-syntax',
    ],
    [
      'a test that is singled out',
      'apps/api/src/x.spec.ts',
      "describe.only('x', () => undefined);",
      'no-restricted-syntax',
    ],
    [
      'a stock colour',
      'apps/web/src/x.tsx',
      'export const X = () => <Text c="red">x</Text>;',
      'no-restricted-syntax',
    ],
  ])('refuse %s', async (_what, file, code, rule) => {
    expect(await lint(file, code)).toContain(rule);
  });

  it('leave good code alone', async () => {
    expect(await lint('apps/api/src/x.ts', 'export const x = (value: string): string => value;\n')).toEqual(
      [],
    );
  });
});
