/** The import rules of docs/architecture.md; tools/lint/import-rules.spec.mjs shows that each one bites. */
const api = '^apps/api/src';
const modules = [
  'alert',
  'auth',
  'executor',
  'live',
  'llm',
  'notification',
  'platform',
  'remediation',
  'runbook',
];

/** Which modules may use which: floors from top to bottom. */
const below = {
  remediation: ['llm', 'runbook', 'executor', 'alert', 'live', 'auth', 'platform'],
  notification: ['llm', 'runbook', 'executor', 'alert', 'live', 'auth', 'platform'],
  llm: ['executor', 'alert', 'live', 'auth', 'platform'],
  runbook: ['executor', 'alert', 'live', 'auth', 'platform'],
  executor: ['live', 'auth', 'platform'],
  alert: ['live', 'auth', 'platform'],
  live: ['auth', 'platform'],
  auth: ['platform'],
  platform: [],
};

const floorRules = modules.map((name) => ({
  name: `floor-${name}`,
  comment: `${name} may only use the floors below it: ${below[name].join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `${api}/${name}/`, pathNot: ['\\.spec\\.ts$'] },
  to: {
    path: `${api}/(${modules.filter((other) => other !== name && !below[name].includes(other)).join('|')})/`,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...floorRules,
    {
      name: 'no-circles',
      comment:
        'A circle means that the design is wrong: move the fact into an event, or the policy downstream.',
      severity: 'error',
      from: { pathNot: ['\\.spec\\.tsx?$'] },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-through-index',
      comment: 'Another module is used only through its index.ts.',
      severity: 'error',
      from: { path: `${api}/([^/]+)/`, pathNot: ['\\.(spec|fixture)\\.ts$', `${api}/(migrations|testing)/`] },
      to: {
        path: `${api}/([^/]+)/.+`,
        pathNot: [`${api}/$1/`, `${api}/[^/]+/index\\.ts$`, `${api}/migrations/`],
      },
    },
    {
      name: 'controllers-ask-services',
      comment: 'Controllers hold no logic and know no tables.',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: '\\.(repository|entity)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'services-know-no-orm',
      comment: 'Only repositories, entities, migrations and platform/database see TypeORM.',
      severity: 'error',
      from: {
        path: api,
        pathNot: [
          '\\.(repository|entity|spec)\\.ts$',
          '\\.module\\.ts$',
          `${api}/migrations/`,
          `${api}/platform/(database|jobs)/`,
          `${api}/testing/`,
        ],
      },
      to: { path: 'node_modules/typeorm/' },
    },
    {
      name: 'services-know-no-http',
      comment: 'Services know neither HTTP nor its server.',
      severity: 'error',
      from: { path: '\\.service\\.ts$' },
      to: { path: 'node_modules/fastify/' },
    },
    {
      name: 'libs-know-no-apps',
      severity: 'error',
      comment: 'Libraries are below the apps.',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'web-knows-no-engine',
      severity: 'error',
      comment: 'The web app knows the wire (contracts), never the engine.',
      from: { path: '^apps/web/' },
      to: { path: '^apps/(api|demo)/' },
    },
    {
      name: 'web-shared-is-below',
      severity: 'error',
      comment: 'shared ← features ← app.',
      from: { path: '^apps/web/src/shared/' },
      to: { path: '^apps/web/src/(features|app)/' },
    },
    {
      name: 'web-features-know-no-app',
      severity: 'error',
      comment: 'shared ← features ← app.',
      from: { path: '^apps/web/src/features/' },
      to: { path: '^apps/web/src/app/' },
    },
    {
      name: 'web-features-apart',
      severity: 'error',
      comment: 'A feature never imports a feature.',
      from: { path: '^apps/web/src/features/([^/]+)/' },
      to: { path: '^apps/web/src/features/([^/]+)/', pathNot: '^apps/web/src/features/$1/' },
    },
    {
      name: 'format-runs-in-browsers',
      severity: 'error',
      comment: 'libs/runbook-format and libs/contracts run in the browser too.',
      from: {
        path: '^libs/(runbook-format|contracts)/src/',
        pathNot: ['\\.spec\\.ts$', '\\.(test-data|fixture)\\.ts$', '/testing/'],
      },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@aiops/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
    moduleSystems: ['es6', 'cjs'],
    parser: 'tsc',
  },
};
