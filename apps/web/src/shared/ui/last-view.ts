/** The filters with which each list was last seen, so that the way back to it loses none. */
const views = new Map<string, Record<string, unknown>>();

export const rememberView = (path: string, search: Record<string, unknown>): void =>
  void views.set(path, search);

export const lastView = (path: string): Record<string, unknown> => views.get(path) ?? {};

export const forgetViews = (): void => views.clear();
