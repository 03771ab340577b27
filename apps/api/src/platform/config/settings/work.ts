import { integer, milliseconds, settingDocs } from '../setting.js';

export const workSettings = {
  RESOLVE_TIMEOUT_MS: milliseconds(5 * 60_000).register(settingDocs, {
    section: 'Alerts',
    about:
      'An alert without an end resolves so long after its last delivery (Alertmanager’s `resolve_timeout`).',
    unit: 'ms',
  }),
  REOPEN_WINDOW_MS: milliseconds(5 * 60_000).register(settingDocs, {
    section: 'Alerts',
    about: 'A resolved alert that fires again within this time is the same episode.',
    unit: 'ms',
  }),

  EXECUTION_LEASE_MS: milliseconds(15_000, 1000).register(settingDocs, {
    section: 'Executions',
    about: 'A worker that does not renew its lease for so long is taken for dead.',
    unit: 'ms',
  }),
  EXECUTION_CONCURRENCY: integer(25, 1, 500).register(settingDocs, {
    section: 'Executions',
    about: 'Executions that one worker runs at the same time.',
  }),
  OUTPUT_LIMIT_BYTES: integer(10 * 1024 * 1024, 1024).register(settingDocs, {
    section: 'Executions',
    about: 'Stored output of one execution; the rest is cut, with a mark.',
    unit: 'bytes',
  }),
};
