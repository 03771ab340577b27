import { failedSearch, type FailedSearch } from './failed-operations/search';

/** What the address of the settings holds: the tab, and what that tab keeps there. */
export type SettingsSearch = { tab?: string } & FailedSearch;

/** Reads the address; what does not belong there is left out. */
export function settingsSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = typeof search['tab'] === 'string' ? search['tab'] : undefined;
  return tab === 'failed' ? { tab, ...failedSearch(search) } : { tab };
}
