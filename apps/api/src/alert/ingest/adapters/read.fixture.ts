import { readFileSync } from 'node:fs';

/** A message as a real sender sent it; a copy each time. */
export const readFixture = <T = unknown>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
