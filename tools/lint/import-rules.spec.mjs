import { cruise } from 'dependency-cruiser';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import configuration from '../../.dependency-cruiser.mjs';

/** A small copy of the house; each violation is one import too many. */
const clean = {
  'apps/api/src/platform/index.ts': 'export const platform = 1;',
  'apps/api/src/alert/index.ts': "export { service } from './alert.service.js';",
  'apps/api/src/alert/alert.service.ts':
    "import { platform } from '../platform/index.js';\nimport { repository } from './alert.repository.js';\nexport const service = platform + repository;",
  'apps/api/src/alert/alert.repository.ts': "import { orm } from 'typeorm';\nexport const repository = orm;",
  'apps/api/src/alert/alert.controller.ts':
    "import { service } from './alert.service.js';\nexport const controller = service;",
  'apps/api/src/remediation/index.ts':
    "import { service } from '../alert/index.js';\nexport const remediation = service;",
  'apps/web/src/shared/ui.ts': 'export const ui = 1;',
  'apps/web/src/features/alerts/page.ts':
    "import { ui } from '../../shared/ui.js';\nexport const alerts = ui;",
  'apps/web/src/features/rules/page.ts': 'export const rules = 1;',
  'apps/web/src/app/router.ts':
    "import { alerts } from '../features/alerts/page.js';\nexport const app = alerts;",
  'libs/contracts/src/index.ts': 'export const contract = 1;',
  'node_modules/typeorm/index.js': 'export const orm = 1;',
  'node_modules/typeorm/package.json': '{"name":"typeorm","type":"module","main":"index.js"}',
  'node_modules/fastify/index.js': 'export const server = 1;',
  'node_modules/fastify/package.json': '{"name":"fastify","type":"module","main":"index.js"}',
  'package.json': '{"name":"house","type":"module","dependencies":{"typeorm":"1","fastify":"1"}}',
};

const violations = [
  [
    'floor-alert',
    'apps/api/src/alert/upward.ts',
    "import { remediation } from '../remediation/index.js';\nexport const x = remediation;",
  ],
  [
    'floor-platform',
    'apps/api/src/platform/upward.ts',
    "import { service } from '../alert/index.js';\nexport const x = service;",
  ],
  [
    'no-circles',
    'apps/api/src/alert/one.ts',
    "import { two } from './two.js';\nexport const one = () => two;",
    'apps/api/src/alert/two.ts',
    "import { one } from './one.js';\nexport const two = () => one;",
  ],
  [
    'only-through-index',
    'apps/api/src/remediation/inside.ts',
    "import { repository } from '../alert/alert.repository.js';\nexport const x = repository;",
  ],
  [
    'controllers-ask-services',
    'apps/api/src/alert/other.controller.ts',
    "import { repository } from './alert.repository.js';\nexport const x = repository;",
  ],
  [
    'services-know-no-orm',
    'apps/api/src/alert/other.service.ts',
    "import { orm } from 'typeorm';\nexport const x = orm;",
  ],
  [
    'services-know-no-http',
    'apps/api/src/alert/other.service.ts',
    "import { server } from 'fastify';\nexport const x = server;",
  ],
  [
    'libs-know-no-apps',
    'libs/contracts/src/up.ts',
    "import { platform } from '../../../apps/api/src/platform/index.js';\nexport const x = platform;",
  ],
  [
    'web-knows-no-engine',
    'apps/web/src/app/engine.ts',
    "import { platform } from '../../../api/src/platform/index.js';\nexport const x = platform;",
  ],
  [
    'web-shared-is-below',
    'apps/web/src/shared/up.ts',
    "import { alerts } from '../features/alerts/page.js';\nexport const x = alerts;",
  ],
  [
    'web-features-know-no-app',
    'apps/web/src/features/alerts/up.ts',
    "import { app } from '../../app/router.js';\nexport const x = app;",
  ],
  [
    'web-features-apart',
    'apps/web/src/features/alerts/across.ts',
    "import { rules } from '../rules/page.js';\nexport const x = rules;",
  ],
  [
    'format-runs-in-browsers',
    'libs/contracts/src/node.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
  ],
];

describe('the import rules', () => {
  let house = '';
  const here = process.cwd();
  const put = (file, text) => {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), text);
  };
  async function brokenRules() {
    const { output } = await cruise(['apps', 'libs'], {
      ...configuration.options,
      baseDir: house,
      ruleSet: { forbidden: configuration.forbidden },
      validate: true,
      enhancedResolveOptions: { ...configuration.options.enhancedResolveOptions },
    });
    return [...new Set(output.summary.violations.map((violation) => violation.rule.name))];
  }
  beforeAll(() => {
    house = realpathSync(mkdtempSync(join(tmpdir(), 'aiops-house-')));
    for (const [file, text] of Object.entries(clean)) put(file, text);
  });
  afterAll(() => {
    process.chdir(here);
    rmSync(house, { recursive: true, force: true });
  });

  it('leave a well-built house alone', async () => {
    expect(await brokenRules()).toEqual([]);
  });

  it.each(violations)('catch %s', async (rule, ...files) => {
    for (let index = 0; index < files.length; index += 2) put(files[index], files[index + 1]);
    try {
      expect(await brokenRules()).toContain(rule);
    } finally {
      for (let index = 0; index < files.length; index += 2) rmSync(join(house, files[index]));
    }
  });
});
