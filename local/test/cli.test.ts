import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { findProject } from '../src/cli/project';
import { freshStateDir } from './support/state-dir';

const TIMEOUT_MS = 120_000;
const { root } = findProject(__dirname);
const folder = freshStateDir();

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Ended {
  code: number | null;
  /** Standard output. */
  answer: string;
  /** Standard error. */
  remarks: string;
}

/** Runs `saleslake` over a state folder of its own, with no local AWS running beside it. */
function saleslake(state: string, ...args: string[]): Promise<Ended> {
  return saleslakeReading(state, '', ...args);
}

/** Presses Ctrl-C as soon as Athena has the query. */
function interrupted(state: string, ...args: string[]): Promise<Ended> {
  return run(state, '', args, (child) => {
    const queries = join(folder, state, 'athena', 'queries');
    const before = readdirSync(queries).length;
    const looking = setInterval(() => {
      if (readdirSync(queries).length === before) return;
      clearInterval(looking);
      child.kill('SIGINT');
    }, 50);
    child.once('close', () => clearInterval(looking));
  });
}

function saleslakeReading(state: string, input: string, ...args: string[]): Promise<Ended> {
  return run(state, input, args);
}

function run(
  state: string,
  input: string,
  args: string[],
  meanwhile: (child: ChildProcess) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'local', 'bin', 'saleslake.cjs'), ...args], {
    cwd: root,
    env: {
      ...process.env,
      // Where some libraries colour their output although it is no terminal.
      CI: 'true',
      SALESLAKE_STATE: join(folder, state),
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.stdin.end(input);
  meanwhile(child);
  const ended: Ended = { code: null, answer: '', remarks: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.answer += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.remarks += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ended, code }));
  });
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function footerOf(path: string): ReturnType<typeof parquetMetadata> {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return parquetMetadata(buffer.slice(byteOffset, byteOffset + byteLength));
}

const good = {
  transaction_id: 't-1',
  timestamp: '2026-03-01T22:15:30.250Z',
  customer_id: 'C1',
  product_id: 'P1',
  product_name: 'Desk lamp',
  category: 'Home',
  quantity: 3,
  price: 19.99,
  total_amount: 59.97,
};

describe('saleslake demo', () => {
  let ended: Ended;

  beforeAll(async () => {
    const options = ['--transactions', '500', '--days', '4', '--order-changes', '300'];
    ended = await saleslake('demo', 'demo', ...options);
  }, TIMEOUT_MS);

  it('ends with 0', () => {
    expect(ended).toMatchObject({ code: 0 });
  });

  it('prints the three queries as tables', () => {
    const questions = [
      'Which categories bring in the money?',
      'How does revenue develop from month to month?',
      'Which ten products bring in the most?',
    ];
    for (const question of questions) expect(ended.answer).toContain(question);
    expect(ended.answer).toMatch(/^category +transactions +units +revenue +average_transaction /m);
  });

  it('prints what was reconciled: the backfill and three ticks of a hundred', () => {
    expect(ended.answer).toMatch(/^customers +1 +500 +500 +0 +0$/m);
    expect(ended.answer).toMatch(/^transactions +7 +800 +800 +0 +0$/m);
  });

  it.each([
    ['transactions', 800],
    ['customers', 500],
  ])('proves that both zones hold the same %s', (table, rows) => {
    expect(ended.answer).toContain(
      `${table}: ${rows} JSON lines and ${rows} Parquet rows, the same in every column.`,
    );
  });

  it('proves that SQL sees each order as DynamoDB has it, and each change once', () => {
    expect(ended.answer).toMatch(
      /^orders: \d+ in DynamoDB and in orders_current, .*; 480 changes captured, each once/m,
    );
  });

  it('keeps its progress out of standard output', () => {
    expect(ended.answer).not.toContain('✓');
    expect(ended.remarks).toMatch(/✓ Transform to Parquet +8 objects/);
  });

  it('has no colours where it is not on a terminal', () => {
    expect(ended.answer + ended.remarks).not.toContain('\u001b');
  });

  it('leaves a state that sql reads', async () => {
    const query = 'SELECT count(*) AS n FROM transactions';
    const { answer, code } = await saleslake('demo', 'sql', query, '--format', 'json');
    expect({ answer, code }).toEqual({ answer: '{"n":800}\n', code: 0 });
  });

  it('leaves a state that status describes', async () => {
    const { answer, code } = await saleslake('demo', 'status');
    expect(code).toBe(0);
    expect(answer).toMatch(/^transactions +7 .* 800 +800 +0 +0 +yes$/m);
    expect(answer).toMatch(/^saleslake-local-transformer-objects-dlq +0 +0 +0$/m);
    expect(answer).toMatch(/Alarms\nnone is raised\n\nLast failures\nnone\n$/);
  });

  it('leaves a state that passes every check of quality', async () => {
    const { answer, code } = await saleslake('demo', 'quality');
    expect({ code, failed: answer.match(/^.* FAIL .*$/gm) }).toEqual({ code: 0, failed: null });
    expect(answer).toMatch(/^transactions-totals +pass +0 +Which transactions do not add up\?$/m);
  });

  it('runs a query file with its parameters, and says what it read and what that costs', async () => {
    const query = join(root, 'sql/analytics/high-value-transactions.sql');
    const few = await saleslake('demo', 'sql', query, '--param', 'minimum_amount=1000000');
    expect(few.answer).toMatch(/^transaction_id .*\n.*\n\(0 rows\)\n$/);
    expect(few.remarks).toMatch(/^[\d.]+ kB scanned, [\d.]+ s, in AWS 0\.000048 USD$/m);
  });

  it('writes a result as Parquet, with its types', async () => {
    const output = join(folder, 'categories.parquet');
    const query = 'SELECT category, sum(total_amount) AS revenue FROM transactions GROUP BY 1';
    const written = await saleslake(
      'demo',
      'sql',
      query,
      '--format',
      'parquet',
      '--output',
      output,
    );
    expect(written.code).toBe(0);
    const schema = footerOf(output).schema;
    expect(schema.slice(1).map(({ name, converted_type }) => [name, converted_type])).toEqual([
      ['category', 'UTF8'],
      ['revenue', 'DECIMAL'],
    ]);
  });

  it('explains a query without running it', async () => {
    const { answer, code } = await saleslake(
      'demo',
      'sql',
      '--explain',
      'SELECT count(*) FROM orders_current',
    );
    expect(code).toBe(0);
    expect(answer).toContain('READ_PARQUET');
  });

  it('reads statements from standard input, up to the first that fails', async () => {
    const statements =
      'SELECT count(*)\n  AS n FROM transactions;\n.tables\nSELECT nix FROM sales;\n';
    const { answer, remarks, code } = await saleslakeReading('demo', statements, 'sql');
    expect(answer).toMatch(/^ *n\n.*\n800\n\(1 row\)\n/);
    expect(answer).toMatch(/^orders_current +view +7 +What does each order look like now\?$/m);
    expect(remarks).toContain("COLUMN_NOT_FOUND: line 1:8: Column 'nix' cannot be resolved");
    expect(code).toBe(1);
  });

  it('describes a table', async () => {
    const { answer, code } = await saleslake('demo', 'describe', 'transactions');
    expect(code).toBe(0);
    expect(answer).toMatch(/^Sales: one row for each product sold\.$/m);
    expect(answer).toMatch(/^price +decimal\(10,2\) +Price of one\.$/m);
  });

  it('cancels the query at Ctrl-C, and ends as a shell expects it', async () => {
    const endless =
      'SELECT count(*) FROM transactions a, transactions b, transactions c, transactions d ' +
      'WHERE a.price + b.price + c.price > d.price';
    const { code, remarks } = await interrupted('demo', 'sql', endless);
    expect({ code, remarks }).toEqual({
      code: 130,
      remarks: expect.stringContaining('saleslake: Query cancelled by user') as string,
    });
  });

  it('gives its state free at the end', () => {
    expect(readdirSync(join(folder, 'demo'))).not.toContain('lock');
  });
});

describe('saleslake put', () => {
  it(
    'ends with 0 where every record is good',
    async () => {
      const path = file('good.json', `${JSON.stringify(good)}\n`);
      const { code, answer } = await saleslake('put-good', 'put', path, '--table', 'transactions');
      expect(code).toBe(0);
      expect(answer).toMatch(/^good +1$/m);
    },
    TIMEOUT_MS,
  );

  it(
    'ends with 1 and says line, field, value and expectation where a record is not',
    async () => {
      const bad = { ...good, transaction_id: 't-2', price: 1.005 };
      const path = file('bad.ndjson', `${JSON.stringify(good)}\n${JSON.stringify(bad)}\n`);
      const { code, answer } = await saleslake('put-bad', 'put', path, '--table', 'transactions');
      expect(code).toBe(1);
      expect(answer).toMatch(/^quarantined 1$/m);
      expect(answer).toMatch(
        /line 2: price: expected a decimal\(10,2\), at least 0\.00, got 1\.005/,
      );
    },
    TIMEOUT_MS,
  );

  it('refuses a file of a kind that it does not know', async () => {
    const { code, remarks } = await saleslake(
      'none',
      'put',
      file('x.csv', ''),
      '--table',
      'transactions',
    );
    expect(code).toBe(1);
    expect(remarks).toMatch(/x\.csv does not end in one of \.json\.gz, /);
  });

  it('names the tables where there is no such table', async () => {
    const { code, remarks } = await saleslake(
      'none',
      'put',
      file('x.json', ''),
      '--table',
      'sales',
    );
    expect(code).toBe(1);
    expect(remarks).toBe(
      'saleslake: There is no table sales; there is: transactions, customers, order_events.\n',
    );
  });
});

describe('saleslake sql', () => {
  it('has the tables before there is any file', async () => {
    const { answer, code } = await saleslake('empty', 'sql', 'SELECT * FROM transactions');
    expect(code).toBe(0);
    expect(answer).toMatch(/^transaction_id +timestamp .* year +month +day\n.*\n\(0 rows\)\n$/);
  });

  it('ends with 1 and the place of a syntax error', async () => {
    const { remarks, code } = await saleslake('empty', 'sql', 'SELEC 1');
    expect(code).toBe(1);
    expect(remarks).toContain("line 1:1: mismatched input 'SELEC'");
  });

  it('reads no file outside of the lake', async () => {
    const query = `SELECT * FROM read_text('${join(root, 'package.json')}')`;
    const { remarks, code } = await saleslake('empty', 'sql', query);
    expect(code).toBe(1);
    expect(remarks).toContain('NOT_SUPPORTED: line 1:15: read_text as a table');
  });
});

describe('saleslake convert', () => {
  it('makes a Parquet file of JSON lines, and says what it could not use', async () => {
    const bad = { ...good, transaction_id: 't-2', quantity: 0 };
    const input = file('convert.json', `${JSON.stringify(good)}\n${JSON.stringify(bad)}\n`);
    const [output, rejects] = [join(folder, 'convert.parquet'), join(folder, 'rejects.json')];
    const options = ['--table', 'transactions', '--rejects', rejects];
    const { code, remarks } = await saleslake('none', 'convert', input, output, ...options);
    expect(code).toBe(1);
    expect(remarks).toMatch(/✓ Convert +1 row, 1 rejected, 0 duplicates; /);
    expect(Number(footerOf(output).num_rows)).toBe(1);
    expect(JSON.parse(readFileSync(rejects, 'utf8'))).toMatchObject({ line: 2 });
  });

  it('reads standard input', async () => {
    const output = join(folder, 'stdin.parquet');
    const input = JSON.stringify(good);
    const ended = await saleslakeReading(
      'none',
      input,
      'convert',
      '-',
      output,
      ...['--table', 'transactions', '--writer', 'arrow'],
    );
    expect(ended.code).toBe(0);
    expect(Number(footerOf(output).num_rows)).toBe(1);
  });

  it('leaves no file behind where the input is not JSON', async () => {
    const output = join(folder, 'not-json.parquet');
    const input = file('not.json', 'PAR1 something');
    const ended = await saleslake('none', 'convert', input, output, '--table', 'transactions');
    expect(ended.code).toBe(1);
    expect(ended.remarks).toContain('not JSON: no record is a JSON value');
    expect(existsSync(output)).toBe(false);
  });
});

describe('saleslake flush', () => {
  it('says how to start a local AWS where none runs', async () => {
    const { code, remarks } = await saleslake('none', 'flush');
    expect({ code, remarks }).toEqual({
      code: 1,
      remarks: 'saleslake: No local AWS is running: npm start.\n',
    });
  });
});
