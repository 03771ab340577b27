import { Rewrapper } from '../platform/index.js';
import { exitCodes, type Command } from './command.js';
import { sealedStores } from './sealed-stores.js';

/** Which encryption keys are still needed: docs/secrets.md. */
export const secretsStatus: Command = {
  name: 'secrets status',
  summary: 'Says how many stored secrets are under which encryption key',
  options: {},
  details: 'A key with no secrets under it may be taken out of ENCRYPTION_KEYS.',
  prepare:
    () =>
    async ({ app, print }) => {
      const rewrapper = app.get(Rewrapper);
      print(`Newest key: ${rewrapper.newestKeyId}`);
      for (const { table, keys } of await rewrapper.status(sealedStores)) {
        const counts = keys.map(({ keyId, count }) => `${count} under ${keyId}`);
        print(`${table}: ${counts.length === 0 ? 'none' : counts.join(', ')}`);
      }
      return exitCodes.ok;
    },
};

/** Puts every secret under the newest encryption key: docs/secrets.md. */
export const secretsRewrap: Command = {
  name: 'secrets rewrap',
  summary: 'Puts all stored secrets under the newest of ENCRYPTION_KEYS',
  options: {},
  details: `The engine may run meanwhile, as long as each of its processes knows the newest key. Can be stopped and run
again. Ends with 0 when all secrets are under the newest key, else with 1 and what could not be rewrapped.`,
  prepare:
    () =>
    async ({ app, print }) => {
      const rewrapper = app.get(Rewrapper);
      const { rewrapped, failed } = await rewrapper.rewrap(sealedStores);
      print(`${rewrapped} secrets rewrapped under ${rewrapper.newestKeyId}.`);
      for (const { table, id, error } of failed) print(`NOT ${table} ${id}: ${error}`);
      return failed.length === 0 ? exitCodes.ok : exitCodes.failed;
    },
};
