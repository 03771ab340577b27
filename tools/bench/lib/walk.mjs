/**
 * How many items a list has, counted one by one: goes through all its pages by cursor. The list's own `total` is exact
 * up to 10,000 alone.
 */
export async function countByCursor(api, path) {
  const separator = path.includes('?') ? '&' : '?';
  let cursor = null;
  let count = 0;
  do {
    const from = cursor === null ? '' : `&cursor=${cursor}`;
    const page = await api('GET', `${path}${separator}fields=id&limit=200${from}`);
    count += page.data.length;
    cursor = page.pagination.next_cursor;
  } while (cursor !== null);
  return count;
}
