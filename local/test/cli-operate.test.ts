import { openTerminal, type Terminal } from './runbook/terminal';

// What the commands of operation say where they need no lake for it; what they say of one is in
// runbook/runbook.test.ts.

let terminal: Terminal;

beforeAll(() => {
  terminal = openTerminal({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
});

afterAll(() => terminal.close());

describe('the help', () => {
  it.each([
    ['', ['quarantine', 'dlq', 'replay', 'mail']],
    ['quarantine', ['list', 'show', 'replay']],
    ['quarantine list', ['--stage', '--table', '--since']],
    ['quarantine show', ['<id>', '--stage', '--full', '--output']],
    ['quarantine replay', ['[ids...]', '--all', '--no-wait', 'Ends with 1 where something']],
    ['dlq', ['list', 'redrive']],
    ['dlq list', ['--queue', '--max', 'shown to others again at once']],
    ['dlq redrive', ['--queue', '--all', 'Ends with 1 where a message could not be']],
    ['replay', ['--table', '--from', '--to', '--dry-run', 'Ends with 1 where an object']],
    ['mail', ['[n]', '--last']],
  ])('of saleslake %s names what there is', async (command, words) => {
    const { code, answer } = await terminal.run(`npx saleslake ${command} --help`);
    expect({ code, missing: words.filter((word) => !answer.includes(word)) }).toEqual({
      code: 0,
      missing: [],
    });
  });
});

describe('a command that cannot be done ends with 1, and says what was expected', () => {
  it.each([
    ['quarantine replay', 'saleslake: Say which: ids, --table <name>, or --all.'],
    ['dlq redrive', 'saleslake: Say which: --queue <name>, or --all.'],
    [
      'quarantine list --since yesterday',
      'saleslake: "yesterday" is no day; expected YYYY-MM-DD, such as 2026-03-01.',
    ],
    [
      'replay --table transactions --from 2026-03-02 --to 2026-03-01',
      'saleslake: The range ends on 2026-03-01, before it begins on 2026-03-02.',
    ],
    ['mail --last', 'saleslake: There is no mail to show: the mailbox is empty.'],
    ['mail 1', 'saleslake: There is no mail to show: the mailbox is empty.'],
    [
      'dlq list --stage my-stage',
      'saleslake: "my-stage" is no stage\'s name; expected lower-case letters and digits.',
    ],
    ['dlq list --max 0', /Expected a whole number from 1\./],
    ['replay --table transactions', /required option '--from <day>' not specified/],
  ])('saleslake %s', async (command, remark) => {
    const { code, answer, remarks } = await terminal.run(`npx saleslake ${command}`);
    expect({ code, answer, remarks }).toEqual({
      code: 1,
      answer: '',
      remarks:
        typeof remark === 'string'
          ? `${remark}\n`
          : (expect.stringMatching(remark) as unknown as string),
    });
  });
});

it('an empty mailbox is said to be, and is no failure', async () => {
  expect(await terminal.run('npx saleslake mail')).toEqual({
    code: 0,
    answer: 'The mailbox is empty.\n',
    remarks: '',
  });
});
