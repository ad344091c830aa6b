import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { buildSync } from 'esbuild';
import type { Measurement } from './child';
import { shapes, writeSales, type Shape } from './data';
import { report, type Result } from './report';

/** A candidate, and the package that it needs, which may not be installed. */
const candidates: Record<string, string | undefined> = {
  fast: undefined,
  arrow: undefined,
  'duckdb-1': '@duckdb/node-api',
  'duckdb-2': '@duckdb/node-api',
  'polars-1': 'nodejs-polars',
  'polars-2': 'nodejs-polars',
  naive: undefined,
  'hyparquet-writer': 'hyparquet-writer',
  decode: undefined,
  'json-parse': undefined,
};

/** What is too heavy for a dependency, and the version whose interface the candidate speaks. */
const installedByHand: Record<string, string> = { 'nodejs-polars': '0.23.0' };

const flags = new Command('npm run bench --')
  .description(
    'Measures ways of turning JSON lines into Parquet against each other: each in fresh ' +
      'processes, in turn, on the same files, several rounds.',
  )
  .option('--quick', 'fewer cases and rounds', false)
  .option('--rounds <n>', 'how often each is measured')
  .option('--only <names>', `some of ${Object.keys(candidates).join(', ')}, with commas`)
  .option('--rows <n>', 'only the cases of so many rows')
  .option('--json', 'print every measurement, for machines', false)
  .parse()
  .opts<{ quick: boolean; json: boolean; rounds?: string; only?: string; rows?: string }>();

interface Case {
  rows: number;
  shape: Shape;
  mode: 'cold' | 'warm';
  candidates: string[];
}

const everything = Object.keys(candidates);
const whole = everything.filter((name) => name !== 'decode' && name !== 'json-parse');
const slow = ['naive', 'hyparquet-writer'];
const ours = ['fast', 'arrow'];

function casesOf(quick: boolean): Case[] {
  const variants = shapes.filter((shape) => shape !== 'plain');
  return [
    { rows: 1, shape: 'plain', mode: 'cold', candidates: whole },
    { rows: 10_000, shape: 'plain', mode: 'cold', candidates: whole },
    { rows: 1, shape: 'plain', mode: 'warm', candidates: whole },
    ...(quick ? [] : [{ rows: 100, shape: 'plain', mode: 'warm', candidates: whole } as const]),
    ...(quick ? [] : [{ rows: 10_000, shape: 'plain', mode: 'warm', candidates: whole } as const]),
    { rows: 100_000, shape: 'plain', mode: 'warm', candidates: everything },
    ...variants.map((shape): Case => ({
      rows: 100_000,
      shape,
      mode: 'warm',
      candidates: quick ? ['fast'] : ours,
    })),
    {
      rows: 1_000_000,
      shape: 'plain',
      mode: 'warm',
      candidates: everything.filter((name) => !slow.includes(name) && !(quick && name === 'arrow')),
    },
    ...(quick
      ? []
      : [{ rows: 1_000_000, shape: 'shuffled-days', mode: 'warm', candidates: ours } as const]),
  ];
}

/** Cases of which the times are compared: these are measured in turn. */
function together(cases: Case[]): Case[][] {
  const groups = new Map<string, Case[]>();
  for (const some of cases) {
    const name = `${some.mode} ${some.rows}`;
    groups.set(name, [...(groups.get(name) ?? []), some]);
  }
  return [...groups.values()];
}

function isLoadable(name: string): boolean {
  try {
    // Loaded, and not only found: the binary of a package may be missing.
    createRequire(__filename)(name);
    return true;
  } catch (error) {
    // A package of ES modules alone has nothing to require, but is there.
    return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
}

/** Each candidate by itself, as a function is deployed. */
function bundle(folder: string, names: string[]): void {
  buildSync({
    entryPoints: [
      join(__dirname, 'child.ts'),
      ...names.map((name) => join(__dirname, 'candidates', `${name}.ts`)),
    ],
    entryNames: '[name]',
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['@duckdb/node-api', 'nodejs-polars'],
    logLevel: 'warning',
  });
  const wasm = join(dirname(require.resolve('parquet-wasm')), 'parquet_wasm_bg.wasm');
  copyFileSync(wasm, join(folder, 'parquet_wasm_bg.wasm'));
}

function measure(folder: string, name: string, { rows, shape, mode }: Case): Measurement {
  const warmUps = mode === 'cold' ? 0 : Math.min(200, Math.ceil(1_500_000 / rows));
  const runs = mode === 'cold' ? 0 : rows >= 1_000_000 ? 1 : rows >= 10_000 ? 3 : 200;
  const output = execFileSync(
    process.execPath,
    [
      join(folder, 'child.cjs'),
      join(folder, `${name}.cjs`),
      join(folder, fileName(rows, shape)),
      join(folder, 'out'),
      String(warmUps),
      String(runs),
    ],
    // DuckDB and Polars are not bundled, and the bundles are outside of this project.
    {
      encoding: 'utf8',
      maxBuffer: 1 << 24,
      env: { ...process.env, NODE_PATH: join(__dirname, '..', 'node_modules') },
    },
  );
  return JSON.parse(output) as Measurement;
}

function fileName(rows: number, shape: Shape): string {
  return `${shape}-${rows}.json${shape === 'gzip' ? '.gz' : ''}`;
}

function run(): void {
  const rounds = Number(flags.rounds ?? (flags.quick ? 3 : 5));
  const only = flags.only?.split(',');
  const names = everything.filter((name) => {
    if (only && !only.includes(name)) return false;
    const needed = candidates[name];
    if (!needed || isLoadable(needed)) return true;
    const version = installedByHand[needed];
    const remedy = version ? `; npm install --no-save ${needed}@${version} adds it` : '';
    process.stderr.write(`${name} is left out: ${needed} cannot be loaded${remedy}\n`);
    return false;
  });
  const folder = mkdtempSync(join(tmpdir(), 'saleslake-bench-'));
  mkdirSync(join(folder, 'out'));
  try {
    bundle(folder, names);
    const results: Result[] = [];
    for (const cases of together(casesOf(flags.quick))) {
      if (flags.rows && cases[0]!.rows !== Number(flags.rows)) continue;
      for (const { rows, shape } of cases) {
        writeSales(join(folder, fileName(rows, shape)), rows, shape);
      }
      const measured = cases.flatMap((some) =>
        names
          .filter((name) => some.candidates.includes(name))
          .map((candidate) => ({ some, candidate, measured: [] as Measurement[] })),
      );
      for (let round = 1; round <= rounds; round++) {
        const { mode, rows } = cases[0]!;
        process.stderr.write(`${mode}, ${rows} rows, round ${round} of ${rounds} …\n`);
        for (const { some, candidate, measured: times } of measured) {
          times.push(measure(folder, candidate, some));
        }
      }
      for (const { some, candidate, measured: times } of measured) {
        const { rows, shape, mode } = some;
        results.push({ rows, shape, mode, candidate, measured: times });
      }
      for (const { rows, shape } of cases) rmSync(join(folder, fileName(rows, shape)));
    }
    if (flags.json) {
      const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
      process.stdout.write(`${JSON.stringify({ machine, rounds, results }, undefined, 2)}\n`);
    } else process.stdout.write(report(results));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

run();
