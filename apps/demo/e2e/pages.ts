import type { Stage } from './stage.js';

const tabs = ['channels', 'policies', 'providers', 'credentials', 'failed', 'api-keys', 'people'];

/** The address of every page, each with something on it. The shop must be broken, so that there is an execution. */
export async function everyPage(stage: Stage): Promise<string[]> {
  const [execution, alert, target] = await Promise.all(
    ['/executions', '/alerts', '/targets'].map((path) => firstId(stage, path)),
  );
  return [
    '/overview',
    '/alerts',
    `/alerts/${alert}`,
    '/executions',
    `/executions/${execution}`,
    '/runbooks',
    `/runbooks/${stage.installed.runbookId}`,
    '/runbooks/new',
    '/rules',
    '/targets',
    '/feature-flags',
    '/audit-log',
    `/targets/${target}`,
    '/known-hosts',
    '/account',
    ...tabs.map((tab) => `/settings?tab=${tab}`),
  ];
}

async function firstId(stage: Stage, path: string): Promise<string> {
  for (;;) {
    const [first] = await stage.api.list<{ id: string }>(path);
    if (first !== undefined) return first.id;
    await new Promise((next) => setTimeout(next, 100));
  }
}
