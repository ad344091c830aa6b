import { compareAlarms } from './compare-alarms';
import type { Causes } from './expected-alarms';
import type { Observed } from './observed';

const T0 = Date.parse('2026-03-02T06:00:00Z');
const MINUTE = 60_000;

const minute = (n: number, messages: number): Observed => ({
  kind: 'minute',
  at: T0 + n * MINUTE,
  visible: { 'saleslake-local-generator-failures': messages },
  oldest: {},
});

const NOTHING: Causes = {
  observed: [],
  faults: [],
  quarantined: { last: false, any: false },
  reconciled: [],
  failedRecords: false,
};
const FAILURES = 'saleslake-local-generator-failures';
const QUARANTINE = 'saleslake-local-transformer-quarantine';

describe('which alarms are due', () => {
  it('is that of a queue each time that messages come to be in it at a whole minute', () => {
    const observed = [minute(0, 0), minute(1, 1), minute(2, 2), minute(3, 0), minute(4, 1)];
    const causes = { ...NOTHING, observed };
    const entered = [T0 + MINUTE, T0 + 4 * MINUTE];
    const seen = (times: number[]) => [{ name: FAILURES, state: 'OK', entered: times }];
    expect(compareAlarms(seen(entered), causes)).toEqual([]);
    expect(compareAlarms(seen([T0 + MINUTE]), causes)).toHaveLength(1);
    expect(compareAlarms(seen([T0, T0 + 4 * MINUTE]), causes)).toHaveLength(1);
    expect(compareAlarms(seen([]), NOTHING)).toEqual([]);
  });

  it('is that of quarantine where records are quarantined, and may be where some were', () => {
    const raised = [{ name: QUARANTINE, state: 'OK', entered: [T0] }];
    const quiet = [{ name: QUARANTINE, state: 'OK', entered: [] }];
    const last = { ...NOTHING, quarantined: { last: true, any: true } };
    const any = { ...NOTHING, quarantined: { last: false, any: true } };
    expect([raised, quiet].map((seen) => compareAlarms(seen, last).length)).toEqual([0, 1]);
    expect([raised, quiet].map((seen) => compareAlarms(seen, any).length)).toEqual([0, 0]);
    expect([raised, quiet].map((seen) => compareAlarms(seen, NOTHING).length)).toEqual([1, 0]);
  });

  it('is none whose cause is gone', () => {
    const seen = [{ name: QUARANTINE, state: 'ALARM', entered: [T0] }];
    const causes = { ...NOTHING, quarantined: { last: true, any: true } };
    expect(compareAlarms(seen, causes)).toHaveLength(1);
  });

  it('is no other', () => {
    const seen = [{ name: 'saleslake-local-lake-bytes-scanned', state: 'OK', entered: [T0] }];
    expect(compareAlarms(seen, NOTHING)).toHaveLength(1);
  });
});
