import dailyRun from '../events/daily-run.json';
import { duckDb, invocation, startQuality, type Quality } from './local-quality';

let quality: Quality;
let measured: Record<string, unknown>[];

beforeEach(async () => {
  quality = await startQuality(duckDb());
  measured = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    measured.push(JSON.parse(String(text)) as Record<string, unknown>);
    return true;
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await quality.local.close();
});

const check = (): Promise<unknown> => quality.handler(dailyRun, invocation());

describe('the check function', () => {
  it('reports how many rows violate each check, and none of their values', async () => {
    await quality.name('quality/unknown', "SELECT * FROM (VALUES 'C1', 'C2', 'C3') AS t (id)");
    await quality.name('quality/known', 'SELECT 1 AS n WHERE false');
    const before = Date.now();
    await check();
    const { at, checks } = await quality.report();
    expect(checks).toEqual([
      { name: 'known', question: 'Is quality/known as it should be?', violations: 0 },
      { name: 'unknown', question: 'Is quality/unknown as it should be?', violations: 3 },
    ]);
    expect(Date.parse(at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now());
  });

  it('leaves named queries alone that are no checks', async () => {
    await quality.name('quality/none', 'SELECT 1 AS n WHERE false');
    await quality.name('top-products', 'SELECT 1 AS n');
    expect(await check()).toEqual({ checks: 1, failed: 0 });
  });

  it('runs checks of any form that a query has', async () => {
    const numbers = 'WITH n AS (SELECT * FROM (VALUES 2, 1) AS t (x))';
    await quality.name('quality/form', `${numbers}\nSELECT x, x FROM n ORDER BY x -- both`);
    await check();
    expect((await quality.report()).checks).toMatchObject([{ violations: 2 }]);
  });

  it.each([
    ['does not parse', 'SELECT FROM WHERE', 'mismatched input|syntax|SYNTAX'],
    ['asks a table that is not there', 'SELECT * FROM nowhere', 'TABLE_NOT_FOUND'],
    ['fails while it runs', "SELECT n FROM (VALUES CAST('wrong' AS integer)) AS t (n)", 'wrong'],
  ])('reports the error of a check that %s, and runs the others', async (_name, sql, error) => {
    await quality.name('quality/bad', sql);
    await quality.name('quality/good', 'SELECT 1 AS n WHERE false');
    expect(await check()).toEqual({ checks: 2, failed: 1 });
    const { checks } = await quality.report();
    expect(checks).toEqual([
      expect.objectContaining({ name: 'bad', error: expect.stringMatching(error) as string }),
      expect.objectContaining({ name: 'good', violations: 0 }),
    ]);
    expect(checks[0]).not.toHaveProperty('violations');
  });

  it('measures how many checks ran and failed, also when none did', async () => {
    await quality.name('quality/a', 'SELECT 1 AS n WHERE false');
    await check();
    await quality.name('quality/b', 'SELECT 1 AS n');
    await quality.name('quality/c', 'SELECT * FROM nowhere');
    await check();
    expect(measured).toEqual([
      expect.objectContaining({ service: 'quality', ChecksRun: 1, ChecksFailed: 0 }),
      expect.objectContaining({ service: 'quality', ChecksRun: 3, ChecksFailed: 2 }),
    ]);
  });

  it('fails, without a report, where there is no check', async () => {
    await quality.name('top-products', 'SELECT 1 AS n');
    await expect(check()).rejects.toMatchObject({
      code: 'NoChecks',
      message: 'The workgroup checks has no named query quality/…; the service lake deploys them.',
    });
    expect(measured).toEqual([]);
    await expect(quality.report()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('logs which checks failed, and nothing that a row could be quoted in', async () => {
    await quality.local.close();
    quality = await startQuality(duckDb(), 'WARN');
    const logged: string[] = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      logged.push(String(text));
      return true;
    });
    const cast = "SELECT n FROM (VALUES CAST('Erika' AS integer)) AS t (n)";
    await quality.name('quality/cast', cast);
    await quality.name('quality/rows', 'SELECT 1 AS n');
    await check();
    expect(logged.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ check: 'cast', violations: 'see the report' }),
      expect.objectContaining({ check: 'rows', violations: 1 }),
    ]);
    expect(logged.join('')).not.toContain('Erika');
  });
});
