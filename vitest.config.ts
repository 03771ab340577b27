import { defineConfig } from 'vitest/config';

// One project per package; each resolves workspace libraries to their sources, so that tests need no build.
const conditions = ['@aiops/source'];
const source = {
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'node', 'development|production'] } },
  // The environment in which Vitest loads global set-up.
  environments: {
    __vitest__: { resolve: { conditions: [...conditions, 'node', 'development|production'] } },
  },
};

const node = (name: string, root: string) => ({
  ...source,
  extends: true as const,
  test: { name, root, include: ['src/**/*.spec.ts'], environment: 'node' },
});

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      node('contracts', 'libs/contracts'),
      node('runbook-format', 'libs/runbook-format'),
      node('embedded-postgres', 'libs/embedded-postgres'),
      {
        ...node('testing', 'libs/testing'),
        test: {
          ...node('testing', 'libs/testing').test,
          globalSetup: ['../../libs/testing/src/global-setup.ts'],
        },
      },
      {
        ...node('api', 'apps/api'),
        test: {
          ...node('api', 'apps/api').test,
          setupFiles: ['./src/test-setup.ts'],
          globalSetup: ['../../libs/testing/src/global-setup.ts'],
        },
      },
      node('demo', 'apps/demo'),
      {
        ...source,
        extends: true as const,
        test: {
          name: 'acceptance',
          root: 'apps/demo',
          include: ['acceptance/**/*.acceptance.ts'],
          environment: 'node',
          globalSetup: ['../../libs/testing/src/global-setup.ts'],
          fileParallelism: false,
        },
      },
      {
        ...source,
        extends: true as const,
        test: {
          name: 'e2e',
          root: 'apps/demo',
          include: ['e2e/**/*.e2e.ts'],
          environment: 'node',
          globalSetup: ['../../libs/testing/src/global-setup.ts'],
          fileParallelism: false,
        },
      },
      {
        ...source,
        extends: true as const,
        test: { name: 'tools', root: 'tools', include: ['**/*.spec.mjs'], environment: 'node' },
      },
      {
        ...source,
        extends: true as const,
        test: {
          name: 'web',
          root: 'apps/web',
          include: ['src/**/*.spec.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['./src/test-setup.ts'],
        },
      },
    ],
  },
});
