import type { Measurement } from './child';
import type { Shape } from './data';

export interface Result {
  rows: number;
  shape: Shape;
  mode: 'cold' | 'warm';
  candidate: string;
  /** One a round. */
  measured: Measurement[];
}

interface Spread {
  median: number;
  least: number;
  most: number;
}

function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, least: sorted[0]!, most: sorted[sorted.length - 1]! };
}

const medianOf = (values: number[]): number => spreadOf(values).median;

/** Of each round: milliseconds of the clock for one conversion. */
function timesOf({ mode, measured }: Result): number[] {
  return measured.map(({ coldMs, warmMs }) => (mode === 'cold' ? coldMs : medianOf(warmMs)));
}

/** How many times the rows a second that `other` has; rounds are compared with their likes. */
function speedup(result: Result, other: Result): Spread {
  const others = timesOf(other);
  return spreadOf(timesOf(result).map((time, round) => others[round]! / time));
}

function shown({ median, least, most }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** Tables of all cases, and the bar that the fast and the Arrow path are held to. */
export function report(results: Result[]): string {
  const cases = new Map<string, Result[]>();
  for (const result of results) {
    const title = `${result.mode}, ${result.rows} rows, ${result.shape}`;
    cases.set(title, [...(cases.get(title) ?? []), result]);
  }
  const tables = [...cases].map(([title, some]) => caseTable(title, some));
  return [...tables, bars(results)].join('\n');
}

function caseTable(title: string, results: Result[]): string {
  const reference = results.find(({ candidate }) => candidate === 'duckdb-1');
  const rows = results.map((result) => {
    const times = spreadOf(timesOf(result));
    const cpu = medianOf(result.measured.map(({ warmCpuMs }) => medianOf(warmCpuMs)));
    const perRow = (ms: number): string => ((ms * 1e6) / result.rows).toFixed(0);
    const { bytes } = result.measured[0]!;
    return [
      result.candidate,
      result.rows >= 10_000 && result.mode === 'warm'
        ? `${perRow(times.median)} (${perRow(times.least)}–${perRow(times.most)}) ns/row`
        : `${shown(times)} ms`,
      Number.isNaN(cpu) || result.rows < 10_000 ? '' : `${perRow(cpu)} ns/row`,
      reference ? shown(speedup(result, reference)) : '',
      `${medianOf(result.measured.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      bytes === 0 ? '' : `${(bytes / result.rows).toFixed(1)} B/row`,
    ];
  });
  const header = ['', 'time', 'CPU', '× DuckDB, 1 thread', 'peak', 'size'];
  return `\n${title}\n${aligned([header, ...rows])}`;
}

function aligned(rows: string[][]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd() + '\n')
    .join('');
}

interface Bar {
  what: string;
  value: Spread | undefined;
  /** The value must be at least, or at most, so much. */
  least?: number;
  most?: number;
}

function bars(results: Result[]): string {
  const find = (candidate: string, rows: number, mode = 'warm', shape = 'plain') =>
    results.find(
      (result) =>
        result.candidate === candidate &&
        result.rows === rows &&
        result.mode === mode &&
        result.shape === shape,
    );
  const faster = (rows: number, candidate: string, than: string) => {
    const [result, other] = [find(candidate, rows), find(than, rows)];
    return result && other && speedup(result, other);
  };
  const slower = (candidate: string, shape: Shape) => {
    const [result, plain] = [find(candidate, 100_000, 'warm', shape), find(candidate, 100_000)];
    return result && plain && speedup(plain, result);
  };
  const cold = (candidate: string) => {
    const result = find(candidate, 1, 'cold');
    return result && spreadOf(timesOf(result));
  };
  const firstFile = find('fast', 10_000, 'cold');
  const duckDbFirstFile = find('duckdb-1', 10_000, 'cold');
  /** Of the case that takes most memory: of many rows, as few prove nothing. */
  const highestPeak = (candidate: string, most: number): Bar[] => {
    const peaks = results
      .filter((result) => result.candidate === candidate && result.rows >= 100_000)
      .map(({ rows, shape, measured }) => ({
        what: `${candidate}, peak, MB: ${shape}, ${rows / 1000}k`,
        value: spreadOf(measured.map(({ peakMb }) => peakMb)),
        most,
      }));
    return peaks.sort((a, b) => b.value.median - a.value.median).slice(0, 1);
  };
  const size = (candidate: string) => {
    const [result, other] = [find(candidate, 100_000), find('duckdb-1', 100_000)];
    return result && other && spreadOf([result.measured[0]!.bytes / other.measured[0]!.bytes]);
  };
  const all: Bar[] = [
    { what: 'fast × DuckDB 1 thread, 100k', value: faster(100_000, 'fast', 'duckdb-1'), least: 3 },
    { what: 'fast × DuckDB 1 thread, 1M', value: faster(1_000_000, 'fast', 'duckdb-1'), least: 3 },
    {
      what: 'arrow × DuckDB 1 thread, 100k',
      value: faster(100_000, 'arrow', 'duckdb-1'),
      least: 0.9,
    },
    {
      what: 'arrow × DuckDB 1 thread, 1M',
      value: faster(1_000_000, 'arrow', 'duckdb-1'),
      least: 0.9,
    },
    {
      what: 'fast × DuckDB 2 threads, 1M',
      value: faster(1_000_000, 'fast', 'duckdb-2'),
      least: 1.8,
    },
    { what: 'fast × naive, 100k', value: faster(100_000, 'fast', 'naive'), least: 25 },
    { what: 'arrow × naive, 100k', value: faster(100_000, 'arrow', 'naive'), least: 8 },
    { what: 'decode × JSON.parse, 100k', value: faster(100_000, 'decode', 'json-parse'), least: 5 },
    { what: 'fast, import and first row, ms', value: cold('fast'), most: 15 },
    { what: 'arrow, import and first row, ms', value: cold('arrow'), most: 80 },
    {
      what: 'fast / DuckDB, first 10k-row file',
      value: firstFile && duckDbFirstFile && speedup(duckDbFirstFile, firstFile),
      most: 0.4,
    },
    ...highestPeak('fast', 110),
    ...highestPeak('arrow', 220),
    { what: 'fast / DuckDB, size at 100k', value: size('fast'), most: 0.95 },
    { what: 'arrow / DuckDB, size at 100k', value: size('arrow'), most: 1 },
    ...(['shuffled-days', 'escapes', 'invalid', 'crlf'] as const).map((shape) => ({
      what: `fast, ${shape} / plain, 100k`,
      value: slower('fast', shape),
      most: 2,
    })),
  ];
  const rows = all.flatMap(({ what, value, least = 0, most = Infinity }) =>
    value
      ? [
          [
            what,
            shown(value),
            least > 0 ? `≥ ${least}` : `≤ ${most}`,
            value.median >= least && value.median <= most ? 'met' : 'missed',
          ],
        ]
      : [],
  );
  return `\nthe bar\n${aligned([['', 'median (range)', 'bar', ''], ...rows])}`;
}
