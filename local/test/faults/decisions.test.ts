import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Activity } from '../../src/core/aws-context';
import { ManualClock } from '../../src/core/clock';
import { readFaultPlan } from '../../src/faults/fault-plan';
import type { DealtFault, FaultPlan, Faults } from '../../src/faults/faults';
import { openFaults } from '../../src/faults/open-faults';
import { freshStateDir } from '../support/state-dir';

const START = Date.parse('2026-01-02T03:04:05.000Z');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = freshStateDir();
  folders.push(folder);
  return folder;
}

function open(plan: FaultPlan, stateDir = newFolder(), told: Activity[] = []): Faults {
  const clock = new ManualClock(START);
  const faults = openFaults({ stateDir, clock, tell: (activity) => told.push(activity) });
  faults.start(plan);
  return faults;
}

interface Occurrence {
  on: string;
  subject: string;
  caller?: string;
}

/** Deals whatever the calls meet. */
function run(faults: Faults, calls: readonly Occurrence[]): void {
  for (const { on, subject, caller } of calls) faults.meet(on, subject, caller)?.strike();
}

/** What was dealt, whenever. */
function dealt(faults: Faults): Omit<DealtFault, 'at'>[] {
  const told = faults.dealt().map(({ on, subject, caller, nth, fault }) => ({
    on,
    subject,
    ...(caller !== undefined && { caller }),
    nth,
    fault,
  }));
  return told.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const PLAN: FaultPlan = {
  seed: 7,
  rules: [
    { on: 's3:PutObject', subject: 'b*', nth: 2, fault: 'throttle' },
    { on: 's3:*', caller: 'transform', probability: 0.3, fault: 'error' },
    { on: 's3:*', probability: 0.3, fault: 'hang-up-after' },
    { on: 'events:deliver', probability: 0.5, fault: 'reorder' },
  ],
};

/** Calls by several, each in an order of their own, as they come to be interleaved. */
const CALLS = fc.array(
  fc.record({
    on: fc.constantFrom('s3:PutObject', 's3:GetObject', 'events:deliver'),
    subject: fc.constantFrom('a', 'b', 'bb'),
    caller: fc.constantFrom('transform', 'generate', 'people'),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('which faults strike', () => {
  it('follows from seed and calls, in whatever order these are interleaved', () => {
    const shuffles = CALLS.chain((calls) =>
      fc.tuple(fc.constant(calls), fc.shuffledSubarray(calls, { minLength: calls.length })),
    );
    const property = fc.property(shuffles, ([calls, shuffled]) => {
      const [one, other] = [open(PLAN), open(PLAN)];
      // Of equal operations and subjects the callers come in the same order in both.
      const inOrder = [...calls];
      const interleaved = shuffled.map(({ on, subject }) => {
        const at = inOrder.findIndex((call) => call.on === on && call.subject === subject);
        return inOrder.splice(at, 1)[0]!;
      });
      run(one, calls);
      run(other, interleaved);
      expect(dealt(other)).toEqual(dealt(one));
    });
    fc.assert(property, { seed: 2, numRuns: 40 });
  });

  it('is ordered again by the log', () => {
    const property = fc.property(CALLS, (calls) => {
      const stateDir = newFolder();
      const first = open(PLAN, stateDir);
      run(first, calls);
      if (first.dealt().length === 0) return;
      const again = open(readFaultPlan(join(stateDir, 'faults.ndjson')));
      run(again, calls);
      expect(dealt(again)).toEqual(dealt(first));
    });
    fc.assert(property, { seed: 3, numRuns: 40 });
  });

  it('differs by seed', () => {
    const calls = Array.from({ length: 50 }, (_, i) => ({ on: 's3:PutObject', subject: `${i}` }));
    const [one, other] = [open({ ...PLAN, seed: 1 }), open({ ...PLAN, seed: 2 })];
    run(one, calls);
    run(other, calls);
    expect(dealt(one)).not.toEqual(dealt(other));
  });

  it('is as often as the probability says', () => {
    const faults = open({ rules: [{ on: 's3:*', probability: 0.1, fault: 'error' }] });
    run(
      faults,
      Array.from({ length: 2000 }, (_, i) => ({ on: 's3:PutObject', subject: `${i % 20}` })),
    );
    expect(faults.dealt().length).toBeGreaterThan(150);
    expect(faults.dealt().length).toBeLessThan(250);
  });

  it('is counted for each subject of each operation', () => {
    const faults = open({ rules: [{ on: 's3:*', nth: 2, fault: 'error' }] });
    const put = { on: 's3:PutObject', subject: 'a' };
    run(faults, [put, { ...put, subject: 'b' }, { ...put, on: 's3:GetObject' }, put, put]);
    expect(dealt(faults)).toEqual([{ ...put, nth: 2, fault: 'error' }]);
  });

  it('is counted by the calls of the caller alone where the rule has one', () => {
    const faults = open({ rules: [{ on: 's3:*', caller: 'trans', nth: 1, fault: 'error' }] });
    const put = { on: 's3:PutObject', subject: 'a' };
    run(faults, [
      { ...put, caller: 'people' },
      { ...put, caller: 'my-transform' },
    ]);
    expect(dealt(faults)).toEqual([{ ...put, caller: 'trans', nth: 1, fault: 'error' }]);
  });

  it('is decided by the first rule that has something', () => {
    const rules: FaultPlan['rules'] = [
      { on: 's3:PutObject', nth: 2, fault: 'throttle' },
      { on: 's3:*', fault: 'error' },
    ];
    const faults = open({ rules });
    const put = { on: 's3:PutObject', subject: 'a' };
    run(faults, [put, put]);
    expect(faults.dealt().map(({ fault }) => fault)).toEqual(['error', 'throttle']);
  });

  it('is nothing of what AWS does by itself where actions are meant', () => {
    const faults = open({ rules: [{ on: '*', fault: 'error' }] });
    expect(faults.meet('lambda:invoke', 'work')).toBeUndefined();
  });
});

describe('a fault', () => {
  const rules: FaultPlan['rules'] = [{ on: 's3:PutObject', nth: 1, fault: 'stop-process' }];

  it('strikes once in a state folder, whatever is started again', () => {
    const stateDir = newFolder();
    run(open({ rules }, stateDir), [{ on: 's3:PutObject', subject: 'a' }]);
    const again = open({ rules }, stateDir);
    expect(again.meet('s3:PutObject', 'a')).toBeUndefined();
    expect(again.meet('s3:PutObject', 'b')).toBeDefined();
  });

  it('that did not come to strike is there again', () => {
    const stateDir = newFolder();
    open({ rules }, stateDir).meet('s3:PutObject', 'a');
    expect(open({ rules }, stateDir).meet('s3:PutObject', 'a')).toBeDefined();
  });

  it('that a kill left half logged has not struck', () => {
    const stateDir = newFolder();
    const path = join(stateDir, 'faults.ndjson');
    run(open({ rules }, stateDir), [{ on: 's3:PutObject', subject: 'a' }]);
    appendFileSync(path, '{"at":"2026-01-02T03:0');
    run(open({ rules }, stateDir), [{ on: 's3:PutObject', subject: 'b' }]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as DealtFault).subject)).toEqual(['a', 'b']);
  });

  it('is on disk before it strikes, and told', () => {
    const stateDir = newFolder();
    const told: Activity[] = [];
    open({ rules }, stateDir, told).meet('s3:PutObject', 'a', 'people')?.strike();
    expect(readFileSync(join(stateDir, 'faults.ndjson'), 'utf8')).toBe(
      '{"at":"2026-01-02T03:04:05.000Z","on":"s3:PutObject","subject":"a","nth":1,' +
        '"fault":"stop-process"}\n',
    );
    expect(told).toEqual([
      {
        service: 'faults',
        what: 'stop-process',
        subject: 'a',
        detail: 's3:PutObject number 1, from people',
        level: 'warn',
      },
    ]);
  });

  it('is none after faults have ended', () => {
    const faults = open({ rules });
    faults.stop();
    expect(faults.meet('s3:PutObject', 'a')).toBeUndefined();
    expect(faults.active()).toBe(false);
  });
});
