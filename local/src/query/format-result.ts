/** A result with every value as text, exactly; null where SQL has NULL. */
export interface QueryResult {
  columns: { name: string; numeric: boolean }[];
  rows: (string | null)[][];
}

export const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** The text of a result in one of the formats, ending in a newline. */
export function formatResult(result: QueryResult, format: Format): string {
  switch (format) {
    case 'table': {
      const { length } = result.rows;
      return `${formatTable(result)}(${length} ${length === 1 ? 'row' : 'rows'})\n`;
    }
    case 'json':
      return formatJson(result);
    case 'csv':
      return formatCsv(result);
  }
}

/** Columns that line up, numbers to the right, under a rule. */
export function formatTable({ columns, rows }: QueryResult): string {
  const shown = rows.map((row) => row.map((value) => value ?? 'NULL'));
  const widths = columns.map(({ name }, i) =>
    Math.max(name.length, ...shown.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        return columns[i]?.numeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ name }) => name)),
    line(widths.map((width) => '─'.repeat(width))),
    ...shown.map(line),
    '',
  ].join('\n');
}

/**
 * One JSON object a line. A number has the digits that SQL gave it, so that money stays exact for
 * a reader that keeps them.
 */
function formatJson({ columns, rows }: QueryResult): string {
  const member = (name: string, value: string | null, numeric: boolean): string => {
    // NaN and Infinity are doubles that JSON has no numbers for.
    const bare = value === null || (numeric && /^-?\d/.test(value));
    return `${JSON.stringify(name)}:${bare ? value : JSON.stringify(value)}`;
  };
  return rows
    .map((row) => {
      const members = columns.map(({ name, numeric }, i) => member(name, row[i] ?? null, numeric));
      return `{${members.join(',')}}\n`;
    })
    .join('');
}

/** RFC 4180, with a header. NULL is an empty field, an empty string a quoted one. */
function formatCsv({ columns, rows }: QueryResult): string {
  const field = (value: string | null): string => {
    if (value === null) return '';
    return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  return [columns.map(({ name }) => name), ...rows]
    .map((row) => `${row.map(field).join(',')}\r\n`)
    .join('');
}
