import fc from 'fast-check';
import type { AlarmChange } from '../src/alarm';
import {
  afterTelling,
  isClosed,
  stateOf,
  takeIn,
  whatIsDue,
  type Incident,
  type Telling,
} from '../src/incident';

const NAME = 'saleslake-local-transformer-dead-letters';
const MINUTE = 60_000;
const REPEAT = 60 * MINUTE;

const change = (state: AlarmChange['state'], at: number): AlarmChange => ({
  alarm: { name: NAME },
  state,
  at,
  reason: { text: `${state} at ${at}` },
});

type Told = Pick<Telling, 'kind' | 'times'> & { at: number; began: number };

/** An alarm whose changes are taken in, and of which is told whatever is due, at a time that is set. */
function watched(repeatMs = REPEAT) {
  let incident: Incident | undefined;
  const told: Told[] = [];
  function tell(now: number, mark: string): void {
    for (;;) {
      const due = incident && whatIsDue(incident, now, repeatMs);
      if (!incident || !due) return;
      const same = due.news.length === 0 && mark === incident.told?.mark;
      if (due.kind === 'still' && same) return;
      told.push({ kind: due.kind, times: due.times, began: due.began, at: now });
      incident = afterTelling(incident, due, mark, now);
    }
  }
  return {
    told,
    kinds: () => told.map(({ kind }) => kind),
    incident: () => incident!,
    take(state: AlarmChange['state'], at: number, now = at, mark = ''): void {
      incident = takeIn(incident, change(state, at));
      tell(now, mark);
    },
    tick: (now: number, mark = '') => tell(now, mark),
  };
}

describe('an incident', () => {
  it('is told of when it begins and when it is over', () => {
    const alarm = watched();
    alarm.take('ALARM', 0);
    alarm.take('OK', 5 * MINUTE);
    expect(alarm.told).toEqual([
      { kind: 'opened', times: 1, began: 0, at: 0 },
      { kind: 'recovered', times: 1, began: 0, at: 5 * MINUTE },
    ]);
  });

  it('is not told of again while it lasts and nothing changes', () => {
    const alarm = watched();
    alarm.take('ALARM', 0, 0, '3 letters');
    for (let now = 0; now < 10 * REPEAT; now += 15 * MINUTE) alarm.tick(now, '3 letters');
    expect(alarm.kinds()).toEqual(['opened']);
  });

  it('is told of again once it has changed and the time to repeat has passed', () => {
    const alarm = watched();
    alarm.take('ALARM', 0, 0, '3 letters');
    alarm.tick(REPEAT - 1, '40 letters');
    expect(alarm.kinds()).toEqual(['opened']);
    alarm.tick(REPEAT, '40 letters');
    expect(alarm.told.at(-1)).toEqual({ kind: 'still', times: 1, began: 0, at: REPEAT });
  });

  it('that comes and goes for an hour is one message, its end and a count', () => {
    const alarm = watched();
    for (let now = 0; now < REPEAT; now += 4 * MINUTE) {
      alarm.take('ALARM', now);
      alarm.take('OK', now + 2 * MINUTE);
    }
    expect(alarm.kinds()).toEqual(['opened', 'recovered']);
    alarm.tick(REPEAT);
    expect(alarm.told.slice(2)).toEqual([
      { kind: 'recovered', times: 14, began: 4 * MINUTE, at: REPEAT },
    ]);
  });

  it('that begins anew within the time to repeat is told of when that has passed', () => {
    const alarm = watched();
    alarm.take('ALARM', 0);
    alarm.take('OK', MINUTE);
    alarm.take('ALARM', 10 * MINUTE);
    expect(alarm.kinds()).toEqual(['opened', 'recovered']);
    alarm.tick(REPEAT);
    expect(alarm.told.at(-1)).toMatchObject({ kind: 'opened', began: 10 * MINUTE });
    alarm.take('OK', REPEAT + MINUTE);
    expect(alarm.kinds().at(-1)).toBe('recovered');
  });

  it('is told of each time at once where no time to repeat is set', () => {
    const alarm = watched(0);
    for (const now of [0, 2, 4]) {
      alarm.take('ALARM', now * MINUTE);
      alarm.take('OK', (now + 1) * MINUTE);
    }
    expect(alarm.kinds()).toEqual([
      'opened',
      'recovered',
      'opened',
      'recovered',
      'opened',
      'recovered',
    ]);
  });

  it('that is over before anybody heard of it is told of once, as over', () => {
    const alarm = watched();
    alarm.take('OK', 5 * MINUTE);
    alarm.take('ALARM', 0, 6 * MINUTE);
    expect(alarm.told).toEqual([{ kind: 'recovered', times: 1, began: 0, at: 6 * MINUTE }]);
  });

  it('goes on while CloudWatch does not know', () => {
    const alarm = watched();
    alarm.take('ALARM', 0);
    alarm.take('INSUFFICIENT_DATA', MINUTE);
    expect(alarm.kinds()).toEqual(['opened']);
    expect(stateOf(alarm.incident())).toBe('ALARM');
  });

  it('does not begin where an alarm is found OK for the first time', () => {
    const alarm = watched();
    alarm.take('OK', 0);
    alarm.tick(REPEAT);
    expect(alarm.told).toEqual([]);
    expect(isClosed(alarm.incident())).toBe(true);
  });

  it('has the reason of its latest change, in whatever order changes come', () => {
    const alarm = watched();
    alarm.take('ALARM', 2 * MINUTE);
    alarm.take('OK', MINUTE);
    expect(alarm.incident().reason.text).toBe(`ALARM at ${2 * MINUTE}`);
  });

  it('forgets beginnings of more than a day ago', () => {
    const alarm = watched();
    for (let day = 0; day < 5; day++) {
      alarm.take('ALARM', day * 24 * REPEAT);
      alarm.take('OK', day * 24 * REPEAT + MINUTE);
    }
    expect(alarm.incident().entered.length).toBeLessThanOrEqual(2);
  });
});

describe('however events come, twice, late or in other order', () => {
  /** What an alarm does, and when and in which order it is heard of. */
  const story = fc
    .record({
      gaps: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 14 }),
      deliveries: fc.array(fc.record({ pick: fc.nat(), delay: fc.integer({ min: 0, max: 200 }) }), {
        maxLength: 20,
      }),
      delays: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 14, maxLength: 14 }),
    })
    .map(({ gaps, deliveries, delays }) => {
      let at = 0;
      const changes = gaps.map((gap, i) => {
        at += gap * MINUTE;
        return change(i % 2 === 0 ? 'ALARM' : 'OK', at);
      });
      const again = deliveries.map(({ pick, delay }) => ({
        change: changes[pick % changes.length]!,
        delay,
      }));
      const heard = [...changes.map((each, i) => ({ change: each, delay: delays[i]! })), ...again]
        .map(({ change: each, delay }) => ({ change: each, now: each.at + delay * MINUTE }))
        .sort((a, b) => a.now - b.now);
      return { changes, heard };
    });

  function play({ heard }: { heard: { change: AlarmChange; now: number }[] }) {
    const alarm = watched();
    let tick = 15 * MINUTE;
    for (const { change: each, now } of heard) {
      for (; tick < now; tick += 15 * MINUTE) alarm.tick(tick);
      alarm.take(each.state, each.at, now);
    }
    const end = heard.at(-1)!.now + REPEAT + 15 * MINUTE;
    for (; tick <= end; tick += 15 * MINUTE) alarm.tick(tick);
    return alarm;
  }

  it('people believe in the end what the alarm says', () => {
    fc.assert(
      fc.property(story, (told) => {
        const alarm = play(told);
        const last = told.changes.at(-1)!.state;
        expect(stateOf(alarm.incident())).toBe(last);
        expect(alarm.kinds().at(-1) === 'recovered' ? 'OK' : 'ALARM').toBe(last);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('each beginning is counted exactly once', () => {
    fc.assert(
      fc.property(story, (told) => {
        const alarm = play(told);
        let counted = 0;
        let open = 0;
        for (const { kind, times } of alarm.told) {
          counted += times - open;
          open = kind === 'recovered' ? 0 : times;
        }
        expect(counted).toBe(told.changes.filter(({ state }) => state === 'ALARM').length);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('no beginning follows another without an end between, nor an alert another too soon', () => {
    fc.assert(
      fc.property(story, (told) => {
        let open = false;
        let alerted = -Infinity;
        for (const { kind, at } of play(told).told) {
          if (kind === 'opened') expect(open).toBe(false);
          if (kind === 'still') expect(open).toBe(true);
          const endOfKnown = kind === 'recovered' && open;
          if (!endOfKnown) {
            expect(at - alerted).toBeGreaterThanOrEqual(REPEAT);
            alerted = at;
          }
          open = kind !== 'recovered';
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('the order of what was heard before it was told makes no difference', () => {
    fc.assert(
      fc.property(story, fc.infiniteStream(fc.nat()), ({ changes }, random) => {
        const key = () => random.next().value as number;
        const shuffled = changes
          .map((each) => ({ each, key: key() }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const heard = (order: AlarmChange[]) =>
          order.reduce<Incident | undefined>((incident, each) => takeIn(incident, each), undefined);
        expect(heard(shuffled)).toEqual(heard(changes));
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
