import { AppConfig, Breakers } from '../platform/index.js';
import { readSettings } from '../platform/config/config.js';

/** The breakers of an engine that has nobody to tell how they stand. */
export function lonelyBreakers(): Breakers {
  const config = new AppConfig(readSettings({ APP_ENV: 'test' }), '');
  const nobody = { introduce: () => undefined, record: () => undefined, forget: () => undefined };
  return new Breakers(config, nobody);
}
