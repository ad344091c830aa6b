import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { s3ClientOf, waitFor } from '../../src/cli/local-connection';
import { localStage } from '../../src/stage';
import { putRaw, sale } from '../operate/lake';
import { openRehearsal } from './rehearsal';
import { openTerminal, type Terminal } from './terminal';

const TIMEOUT_MS = 300_000;
const KEY = 'raw/transactions/date=2026-01-07/faulty.json';

const { section, begin, left } = openRehearsal(() => terminal, 'Order faults, and have them again');
let terminal: Terminal;

beforeAll(() => {
  terminal = openTerminal({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  writeFileSync(join(terminal.folder, 'faults.yml'), section.blocks[0]?.text ?? '');
});

afterAll(() => terminal.close());

/** Types the next line, puts an object, and presses Ctrl-C once a fault has struck its output. */
async function dealt(beginning: string, state: string): Promise<unknown[]> {
  const running = begin(beginning, '--port 0');
  const endpoint = await waitFor('the local AWS', 120_000, () =>
    Promise.resolve(/AWS_ENDPOINT_URL=(\S+)/.exec(running.said())?.[1]),
  ).catch((error: unknown) => {
    throw new Error(running.said(), { cause: error });
  });
  await putRaw({ ...localStage(endpoint), s3: s3ClientOf(endpoint) }, KEY, sale('faulty-1'));
  const log = join(terminal.folder, state, 'faults.ndjson');
  const found = await waitFor('a fault', 60_000, () => {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
    const lines = text.split('\n').filter((line) => line.includes('"s3:PutObject"'));
    return Promise.resolve(lines.length > 0 ? lines : undefined);
  });
  expect(await running.interrupt()).toMatchObject({ code: 0 });
  return found.map((line) => ({ ...(JSON.parse(line) as object), at: 'some time' }));
}

it(
  'faults that are ordered by the page strike, and the same again by their log',
  async () => {
    const first = await dealt('npx saleslake start --faults', '.saleslake');
    expect(first).toMatchObject([{ nth: 1, caller: 'transformer', fault: 'error-after' }]);
    const again = await dealt('SALESLAKE_STATE=.saleslake-again npx', '.saleslake-again');
    expect(again).toEqual(first);
    expect(left()).toEqual([]);
  },
  TIMEOUT_MS,
);
