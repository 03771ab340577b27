import { type Query, request } from './client';

/** Fetches a file from `/api/v1<path>` and hands it to the browser to save. @throws ApiError, OfflineError */
export async function download(path: string, query: Query, name: string): Promise<void> {
  const response = await request('GET', path, { query });
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has its own hold on it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
