import type { PlanNode } from './plan-query';
import type { ScanNode } from './scan-nodes';
import { withoutZone, type TableScan } from './table-scan';
import { quoteName } from './tokenize';

/** The least and the greatest value that a query looks at of a column, microseconds since the epoch. */
export interface InstantBound {
  column: string;
  least?: bigint;
  greatest?: bigint;
}

/**
 * What a plan's filters at the scan of a table, or right above it, say of its timestamps. DuckDB
 * prunes row groups by conditions on a column as it is stored, and a timestamp without a zone is a
 * function of the instant that is; DuckDB's own optimizer has brought the conditions down to the
 * scan already, through views and joins, and made `date_trunc('day', …) = …` a range.
 */
export function instantBounds({ node, above }: ScanNode, scan: TableScan): InstantBound[] {
  return [...above, node]
    .flatMap(conditionsOf)
    .map((condition) => boundOf(condition, scan))
    .filter((bound) => bound !== undefined);
}

/** A bound as a condition on the column as it is stored. */
export function conditionOn(
  { marker }: TableScan,
  { column, least, greatest }: InstantBound,
): string {
  const raw = quoteName(marker + column);
  const sides = [
    ...(least === undefined ? [] : [`${raw} >= ${instant(least)}`]),
    ...(greatest === undefined ? [] : [`${raw} <= ${instant(greatest)}`]),
  ];
  return sides.join(' AND ');
}

function instant(micros: bigint): string {
  const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n);
  const fraction = String(micros - seconds * 1_000_000n).padStart(6, '0');
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `TIMESTAMPTZ '${text}.${fraction}+00'`;
}

/** The conditions of a filter, or of a scan that filters, which all hold. */
function conditionsOf({ name, extra_info: info }: PlanNode): string[] {
  const texts = name === 'FILTER' ? info['Expression'] : info['Filters'];
  return [texts ?? []].flat().flatMap((text) => text.split('\n').flatMap(conjuncts));
}

/** `((a) AND (b))` as its parts; anything else is one. */
function conjuncts(text: string): string[] {
  const parts: string[] = [];
  const inner = isBracketed(text) ? text.slice(1, -1) : text;
  let depth = 0;
  let start = 0;
  let isBetween = false;
  for (const { 0: token, index } of inner.matchAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|\b(?:AND|OR|BETWEEN)\b/g,
  )) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (depth > 0) continue;
    else if (token === 'OR') return [text];
    else if (token === 'BETWEEN') isBetween = true;
    else if (token === 'AND' && isBetween) isBetween = false;
    else if (token === 'AND') {
      parts.push(inner.slice(start, index).trim());
      start = index + 3;
    }
  }
  return parts.length === 0 ? [inner] : [...parts, inner.slice(start).trim()].flatMap(conjuncts);
}

/** Whether a text's first bracket is closed by its last character. */
function isBracketed(text: string): boolean {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token === '(') depth++;
    else if (token === ')' && --depth === 0) return index === text.length - 1;
    if (depth === 0) return false;
  }
  return false;
}

const TIMESTAMP = String.raw`'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)'::TIMESTAMP`;

function boundOf(condition: string, scan: TableScan): InstantBound | undefined {
  for (const name of scan.instants) {
    const raw = scan.marker + name;
    const at = condition
      .replace(withoutZone(raw), 'COLUMN')
      .replace(withoutZone(quoteName(raw)), 'COLUMN');
    const between = new RegExp(`^COLUMN BETWEEN ${TIMESTAMP} AND ${TIMESTAMP}$`).exec(at);
    if (between) {
      // Shown like this without its last moment too.
      return { column: name, least: micros(between[1]), greatest: micros(between[2]) };
    }
    const right = new RegExp(`^COLUMN (=|<=|<|>=|>) ${TIMESTAMP}$`).exec(at);
    const left = new RegExp(`^${TIMESTAMP} (=|<=|<|>=|>) COLUMN$`).exec(at);
    const operator = right?.[1] ?? TURNED[left?.[2] ?? ''];
    const constant = micros(right?.[2] ?? left?.[1]);
    if (operator === undefined || constant === undefined) continue;
    return {
      column: name,
      ...(['=', '>', '>='].includes(operator) && {
        least: operator === '>' ? constant + 1n : constant,
      }),
      ...(['=', '<', '<='].includes(operator) && {
        greatest: operator === '<' ? constant - 1n : constant,
      }),
    };
  }
  return undefined;
}

const TURNED: Record<string, string> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function micros(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  const seconds = Date.parse(`${whole.replace(' ', 'T')}Z`) / 1000;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}
