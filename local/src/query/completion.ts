import type { TableDescription } from './list-tables';

const KEYWORDS = (
  'SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT JOIN LEFT INNER ON USING AND OR NOT IN BETWEEN ' +
  'LIKE IS NULL CASE WHEN THEN ELSE END WITH AS DISTINCT UNION ALL COUNT SUM AVG MIN MAX CAST ' +
  'OVER PARTITION DESC ASC EXPLAIN DESCRIBE SHOW TABLES VALUES INTERVAL DATE TIMESTAMP'
).split(' ');

/**
 * What the word before the cursor may become, and that word, as readline wants it: columns of a
 * table after its name and a dot, otherwise tables, columns of the tables that the line names
 * (or of all, before it names one), keywords in the case that was begun.
 */
export function completionsOf(
  line: string,
  tables: readonly TableDescription[],
): [string[], string] {
  const word = /[\w.]*$/.exec(line)?.[0] ?? '';
  const dot = word.indexOf('.');
  if (dot > 0) {
    const table = tables.find(({ name }) => name === word.slice(0, dot).toLowerCase());
    const columns = table?.columns.map(({ name }) => `${word.slice(0, dot)}.${name}`) ?? [];
    return [startingWith(columns, word), word];
  }
  const named = tables.filter(({ name }) => new RegExp(`\\b${name}\\b`, 'i').test(line));
  const columns = (named.length > 0 ? named : tables).flatMap((table) => table.columns);
  const lower = word !== '' && word === word.toLowerCase();
  const candidates = new Set([
    ...tables.map(({ name }) => name),
    ...columns.map(({ name }) => name),
    ...KEYWORDS.map((keyword) => (lower ? keyword.toLowerCase() : keyword)),
  ]);
  return [startingWith([...candidates], word), word];
}

function startingWith(candidates: string[], word: string): string[] {
  const begun = word.toLowerCase();
  return candidates.filter((candidate) => candidate.toLowerCase().startsWith(begun)).sort();
}
