/** Pattern for `LIKE` and `ILIKE` that finds `text` anywhere, taken literally: `%`, `_` and `\` mean themselves. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
