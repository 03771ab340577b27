const format = (value) => {
  if (value === null || value === undefined) return '-';
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
};

/** Rows as text, one line each; a missed target stands out. */
export function formatRows(rows) {
  const width = Math.max(...rows.map((row) => row.metric.length));
  const lines = rows.map((row) => {
    const target = row.target === undefined ? '' : `target ${row.target}  ${row.ok ? 'ok' : 'MISSED'}`;
    return `  ${row.metric.padEnd(width)}  ${format(row.value).padStart(9)} ${row.unit.padEnd(8)}  ${target}`.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}
