/** Whether a range of hashes (`SUFFIX:COUNT` in each line) has this one. A count of 0 is padding, and nobody’s password. */
export function isListed(range: string, suffix: string): boolean {
  return range.split(/\r?\n/).some((line) => {
    const [listed = '', count = ''] = line.trim().split(':');
    return listed.toUpperCase() === suffix && Number(count) > 0;
  });
}
