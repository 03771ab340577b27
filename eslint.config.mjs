import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const ts = ['**/*.ts', '**/*.tsx'];
const tests = [
  '**/*.spec.ts',
  '**/*.spec.tsx',
  '**/*.e2e.ts',
  '**/*.acceptance.ts',
  '**/testing/**',
  '**/*.test-data.ts',
  '**/*.fixture.ts',
];

const noHttpInServices = {
  paths: [
    {
      name: '@nestjs/common',
      importNames: [
        'HttpException',
        'BadRequestException',
        'NotFoundException',
        'ConflictException',
        'ForbiddenException',
        'UnauthorizedException',
        'InternalServerErrorException',
        'UnprocessableEntityException',
        'ServiceUnavailableException',
      ],
      message:
        'Services throw UserError, OperationalError or UnexpectedError; one filter turns them into problems.',
    },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/.nx/**',
      '**/.data/**',
      '**/.vitest/**',
      '**/coverage/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
  {
    files: ts,
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    files: ts,
    ignores: [...tests, 'apps/demo/**'],
    rules: {
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['apps/web/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 150, skipBlankLines: true, skipComments: true }] },
  },
  // Callbacks in props have no `this`, however they are written.
  { files: ['apps/web/**/*.tsx'], rules: { '@typescript-eslint/unbound-method': 'off' } },
  // A migration is one list of statements.
  { files: ['apps/api/src/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['apps/web/public/*.js'],
    languageOptions: { globals: { localStorage: 'readonly', matchMedia: 'readonly', document: 'readonly' } },
  },
  {
    files: tests,
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo)$/]',
          message: 'No test is singled out or switched off; use runIf with a condition of the machine.',
        },
      ],
    },
  },
  {
    files: ['**/*.service.ts', '**/*.repository.ts'],
    rules: { 'no-restricted-imports': ['error', noHttpInServices] },
  },
  {
    files: ['apps/web/**/*.ts', 'apps/web/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        {
          selector:
            'JSXAttribute[name.name=/^(c|color|bg)$/][value.value=/^(red|orange|yellow|green|teal|blue|violet|grape)(\\.\\d)?$/]',
          message: "Mantine's stock shades fail WCAG contrast: use the tokens of shared/theme.",
        },
      ],
    },
  },
  // Configuration files export what their tools want.
  {
    files: ['**/*.config.ts', '**/*.config.mjs', '**/.dependency-cruiser.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
