import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { lines, onDay, sale } from '../../transformer/test/sale';
import { reconcileLake } from '../src/reconcile-lake';
import { CURATED, MINUTE, RAW, startLocalLake, type LocalLake } from './local-lake';

let lake: LocalLake;
let measured: unknown[];

beforeAll(async () => {
  lake = await startLocalLake();
});
afterAll(() => lake.close());

const GRACE = 15 * MINUTE;
let tests = 0;
let key: string;
let since: number;

// Each test has the objects that are written in its time.
beforeEach(() => {
  lake.loseEvents();
  lake.clock.advance(24 * 60 * MINUTE);
  since = lake.clock.now();
  key = `raw/transactions/date=2026-03-01/${tests++}.json`;
  measured = [];
});

function reconcile({ freshTables = [] as string[], to = Infinity } = {}) {
  const { s3, buckets } = lake;
  const measure = (...measurement: unknown[]): void => void measured.push(measurement);
  const dependencies = { s3, buckets, measure, graceMs: GRACE, freshTables };
  return reconcileLake({ since, to }, lake.clock.now(), dependencies);
}

/** A run after the grace of all that there is. */
function reconcileLater(): ReturnType<typeof reconcile> {
  lake.clock.advance(GRACE + 1);
  return reconcile();
}

const BODY = lines(
  sale(1, onDay(1)),
  sale(2, onDay(2)),
  sale(3, { quantity: 0 }),
  sale(1, onDay(1)),
);

async function putTransformed(): Promise<string[]> {
  await lake.put(key, BODY);
  await lake.deliver();
  return (await lake.manifest(key))!.outputs.map((output) => output.key);
}

describe('reconciling', () => {
  it('finds nothing to tell of objects whose outputs are as they should be', async () => {
    await putTransformed();
    expect(await reconcileLater()).toMatchObject({
      checked: 1,
      counts: { missing: 0, mismatched: 0, drivenAgain: 0 },
    });
  });

  it('finds nothing in an object that was emptied or mended since', async () => {
    await putTransformed();
    await lake.put(key, '');
    await lake.deliver();
    expect(await reconcileLater()).toMatchObject({ checked: 1, counts: { mismatched: 0 } });
  });

  it('writes the report for whoever is alerted, and then measures', async () => {
    await lake.put(key, BODY);
    const report = await reconcileLater();
    expect(await lake.report()).toEqual(report);
    expect(report).toEqual({
      at: new Date(lake.clock.now()).toISOString(),
      since: new Date(since).toISOString(),
      to: new Date(lake.clock.now() - GRACE).toISOString(),
      checked: 1,
      counts: { missing: 0, mismatched: 0, drivenAgain: 1 },
      missing: [],
      mismatched: [],
      drivenAgain: [key],
    });
    expect(measured).toEqual([
      [{ MissingObjects: 0, MismatchedObjects: 0, DrivenAgain: 1, FailedRecordObjects: 0 }],
    ]);
  });

  it('looks at the objects of its window alone', async () => {
    await lake.put(key, BODY);
    lake.clock.advance(10 * MINUTE);
    const to = lake.clock.now();
    await lake.put(`${key}.json`, BODY);
    lake.clock.advance(GRACE + 1);
    expect(await reconcile({ to })).toMatchObject({ checked: 1, drivenAgain: [key] });
    since = lake.clock.now() + 1;
    expect(await reconcileLater()).toMatchObject({ checked: 0 });
  });
});

describe('an object whose event was lost', () => {
  it('is left alone within its grace', async () => {
    await lake.put(key, BODY);
    lake.clock.advance(GRACE);
    expect(await reconcile()).toMatchObject({ checked: 0, counts: { drivenAgain: 0 } });
    lake.clock.advance(1);
    expect(await reconcile()).toMatchObject({ checked: 1, counts: { drivenAgain: 1 } });
  });

  it('is driven again, and transformed by that', async () => {
    await lake.put(key, BODY);
    lake.loseEvents();
    await reconcileLater();
    expect(await lake.deliver()).toBe(1);
    expect(await lake.manifest(key)).toMatchObject({
      state: 'complete',
      rows: { in: 4, good: 2, quarantined: 1, duplicates: 1 },
    });
    expect(await reconcileLater()).toMatchObject({
      checked: 1,
      counts: { missing: 0, mismatched: 0, drivenAgain: 0 },
    });
  });

  it('keeps its content type, encoding and metadata', async () => {
    const described = {
      ContentType: 'application/x-ndjson',
      ContentEncoding: 'identity',
      Metadata: { till: '7' },
    };
    await lake.put(key, BODY, described);
    await reconcileLater();
    const { bytes, ...rest } = await lake.read(RAW, key);
    expect(bytes.toString()).toBe(BODY);
    const mark = { 'saleslake-driven-again': new Date(lake.clock.now()).toISOString() };
    expect(rest).toMatchObject({ ...described, Metadata: { till: '7', ...mark } });
  });

  it('is driven again once only, and reported where that was in vain, after another grace', async () => {
    await lake.put(key, BODY);
    await reconcileLater();
    const at = new Date(lake.clock.now()).toISOString();
    lake.loseEvents();
    lake.clock.advance(GRACE);
    expect(await reconcile()).toMatchObject({ checked: 0, counts: { missing: 0 } });
    measured = [];
    for (let run = 0; run < 2; run++) {
      expect(await reconcileLater()).toMatchObject({
        counts: { missing: 1, drivenAgain: 0 },
        missing: [{ key, reason: `it has no manifest, although it was driven again at ${at}` }],
      });
    }
    expect(await lake.deliver()).toBe(0);
    expect(measured[0]).toEqual([
      { MissingObjects: 1, MismatchedObjects: 0, DrivenAgain: 0, FailedRecordObjects: 0 },
    ]);
  });

  it('is driven again where an older version of it was transformed', async () => {
    await putTransformed();
    await lake.put(key, lines(sale(7)));
    lake.loseEvents();
    expect(await reconcileLater()).toMatchObject({ drivenAgain: [key] });
    await lake.deliver();
    expect((await lake.manifest(key))!.rows).toMatchObject({ in: 1, good: 1 });
    expect(await reconcileLater()).toMatchObject({ counts: { missing: 0, mismatched: 0 } });
  });

  it('is driven again anew where somebody wrote it anew', async () => {
    await lake.put(key, BODY);
    await reconcileLater();
    await lake.put(key, BODY);
    expect(await reconcileLater()).toMatchObject({ drivenAgain: [key], missing: [] });
  });

  it('is reported at once where it cannot be driven again', async () => {
    await lake.put(key, BODY, { Metadata: { till: 'x'.repeat(2040) } });
    expect(await reconcileLater()).toMatchObject({
      counts: { missing: 1, drivenAgain: 0 },
      missing: [{ key, reason: expect.stringMatching(/, and cannot be driven again: /) as string }],
    });
  });

  it('is not driven again where a newer version came while it was looked at', async () => {
    await lake.put(key, BODY);
    lake.clock.advance(GRACE + 1);
    lake.loseEvents();
    let done = false;
    lake.s3.middlewareStack.add(
      (next, context) => async (args) => {
        if (!done && context['commandName'] === HeadObjectCommand.name) {
          done = true;
          const newer = { Bucket: RAW, Key: key, Body: lines(sale(9)) };
          await lake.s3.send(new PutObjectCommand(newer));
        }
        return next(args);
      },
      { step: 'initialize', name: 'newer' },
    );
    const report = await reconcile();
    lake.s3.middlewareStack.remove('newer');
    expect(report).toMatchObject({ checked: 1, counts: { missing: 0, drivenAgain: 0 } });
    expect((await lake.read(RAW, key)).bytes.toString()).toBe(lines(sale(9)));
    // That of the newer version.
    expect(await lake.deliver()).toBe(1);
  });
});

describe('an output', () => {
  const mismatch = (reason: unknown) => ({
    counts: { missing: 0, mismatched: 1, drivenAgain: 0 },
    mismatched: [{ key, reason }],
  });
  const cut = async (output: string, end: number): Promise<void> => {
    const { bytes } = await lake.read(CURATED, output);
    await lake.put(output, bytes.subarray(0, end), { Bucket: CURATED });
  };

  it('that was deleted is a mismatch of its object', async () => {
    const [parquet] = await putTransformed();
    await lake.remove(CURATED, parquet!);
    expect(await reconcileLater()).toMatchObject(
      mismatch(`${parquet} cannot be used: It is not there.`),
    );
    expect(measured).toEqual([
      [{ MissingObjects: 0, MismatchedObjects: 1, DrivenAgain: 0, FailedRecordObjects: 0 }],
    ]);
  });

  it.each([
    ['cut', -1, 'It is no Parquet file: it does not end with PAR1.'],
    ['emptied', 0, 'It is empty.'],
  ])('of Parquet that was %s is a mismatch', async (_name, end, problem) => {
    const [parquet] = await putTransformed();
    await cut(parquet!, end);
    expect(await reconcileLater()).toMatchObject(mismatch(`${parquet} cannot be used: ${problem}`));
  });

  it('of Parquet that has other rows is a mismatch', async () => {
    const [parquet] = await putTransformed();
    const other = `raw/transactions/date=2026-03-01/other-${tests}.json`;
    await lake.put(other, lines(sale(1), sale(2), sale(3)));
    await lake.deliver();
    const { bytes } = await lake.read(CURATED, (await lake.manifest(other))!.outputs[0]!.key);
    await lake.put(parquet!, bytes, { Bucket: CURATED });
    expect(await reconcileLater()).toMatchObject(mismatch(`${parquet} has 3 rows instead of 1`));
  });

  it('of quarantine that lost the end of a line is a mismatch', async () => {
    const quarantine = (await putTransformed()).at(-1)!;
    await cut(quarantine, -10);
    expect(await reconcileLater()).toMatchObject(mismatch(`${quarantine} has 0 rows instead of 1`));
  });

  it('is whole again once its object is transformed again', async () => {
    const [parquet] = await putTransformed();
    await lake.remove(CURATED, parquet!);
    expect(await reconcileLater()).toMatchObject({ counts: { mismatched: 1 } });
    await lake.put(key, `${BODY}\n`);
    await lake.deliver();
    expect(await reconcileLater()).toMatchObject({ counts: { mismatched: 0 } });
  });
});

describe('the report', () => {
  it('has the first hundred of a kind, and counts all', async () => {
    const keys = Array.from({ length: 105 }, (_, i) => `raw/transactions/many/${100 + i}.json`);
    for (const each of keys) await lake.put(each, sale(1));
    const { counts, drivenAgain } = await reconcileLater();
    expect(counts.drivenAgain).toBe(105);
    expect(drivenAgain).toHaveLength(100);
    expect(drivenAgain).toEqual([...drivenAgain].sort());
    // Hundreds of requests, one after the other.
  }, 120_000);
});

describe('freshness', () => {
  const fresh = async (...freshTables: string[]): Promise<unknown[]> => {
    await reconcile({ freshTables });
    return measured.slice(1);
  };

  it('is the time since the newest raw object of the table', async () => {
    await lake.put(`raw/customers/a-${tests}.json`, '');
    lake.clock.advance(5 * MINUTE);
    await lake.put(`raw/customers/b-${tests}.json`, '');
    lake.clock.advance(7.5 * MINUTE);
    expect(await fresh('customers')).toEqual([
      [{ MinutesSinceArrival: [7.5, 'NoUnit'] }, { table: 'customers' }],
    ]);
  });

  it('is the time since Firehose backed up records, where that is less', async () => {
    const backup = 'firehose-backup/order_events/date=';
    await lake.put(`raw/order_events/a-${tests}.json`, '');
    lake.clock.advance(MINUTE);
    await lake.put(`${backup}2026-02-28/b.gz`, 'x');
    await lake.put(`${backup}2026-03-02/c.gz`, 'x');
    lake.clock.advance(MINUTE);
    // What was being gathered at midnight.
    await lake.put(`${backup}2026-03-01/d.gz`, 'x');
    lake.clock.advance(40 * MINUTE);
    expect(await fresh('order_events')).toEqual([
      [{ MinutesSinceArrival: [40, 'NoUnit'] }, { table: 'order_events' }],
    ]);
  });

  it('is not measured of a table that never had any', async () => {
    expect(await fresh('returns')).toEqual([]);
  });
});

describe('records that Firehose gave up', () => {
  const failed = (Key: string): Promise<unknown> =>
    lake.s3.send(new PutObjectCommand({ Bucket: CURATED, Key, Body: '{}' }));

  it('are counted by objects as long as they wait longer than the grace', async () => {
    await failed('firehose-errors/transactions/processing-failed/date=2026-03-01/a');
    await failed('firehose-errors/order_events/format-conversion-failed/date=2026-03-01/b');
    await failed('firehose-errors-replayed/transactions/processing-failed/date=2026-03-01/c');
    await reconcile();
    await reconcileLater();
    expect(measured).toEqual([
      [expect.objectContaining({ FailedRecordObjects: 0 })],
      [expect.objectContaining({ FailedRecordObjects: 2 })],
    ]);
  });

  it('are counted whatever window of raw objects is looked at', async () => {
    await reconcileLater();
    await failed('firehose-errors/transactions/processing-failed/date=2026-03-01/d');
    const to = lake.clock.now() - MINUTE;
    lake.clock.advance(GRACE + 1);
    await reconcile();
    await reconcile({ to });
    expect(measured.at(-1)).toEqual(measured.at(-2));
  });
});
