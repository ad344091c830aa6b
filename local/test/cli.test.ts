import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProject } from '../src/cli/project';

const TIMEOUT_MS = 60_000;
const { root } = findProject(__dirname);
const folder = mkdtempSync(join(tmpdir(), 'saleslake-cli-'));

afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  /** Standard output. */
  answer: string;
  /** Standard error. */
  remarks: string;
}

/** Runs `saleslake` over a state folder of its own, with no local AWS running beside it. */
function saleslake(state: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'local', 'bin', 'saleslake.cjs'), ...args], {
    cwd: root,
    env: {
      ...process.env,
      // Where some libraries colour their output although it is no terminal.
      CI: 'true',
      SALESLAKE_STATE: join(folder, state),
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
    ended = await saleslake('demo', 'demo', '--transactions', '500', '--days', '4');
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
    expect(ended.answer).toMatch(/^category +transactions +units +revenue +average_transaction$/m);
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
    expect(answer).toMatch(/Last failures\nnone\n$/);
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
    expect(remarks).toContain('syntax error at or near "SELEC"');
  });

  it('reads no file outside of the lake', async () => {
    const query = `SELECT * FROM read_text('${join(root, 'package.json')}')`;
    const { remarks, code } = await saleslake('empty', 'sql', query);
    expect(code).toBe(1);
    expect(remarks).toContain('Permission Error');
  });
});
