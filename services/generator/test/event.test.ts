import { EventError } from '@saleslake/shared/runtime/errors';
import backfillEvent from '../events/backfill.json';
import tickEvent from '../events/tick.json';
import { decodeEvent } from '../src/event';

const backfill = { from: '2026-02-01', to: '2026-03-01', count: 1000 };

describe('decodeEvent', () => {
  it('reads the time of a scheduled event', () => {
    expect(decodeEvent(tickEvent)).toEqual({ kind: 'tick', time: Date.UTC(2026, 2, 1, 18, 5) });
  });

  it('cuts the time of a scheduled event to the second', () => {
    expect(decodeEvent({ ...tickEvent, time: '2026-03-01T18:05:00.999Z' })).toEqual(
      decodeEvent(tickEvent),
    );
  });

  it('reads the dates of a backfill as midnights, UTC', () => {
    expect(decodeEvent(backfillEvent)).toEqual({
      kind: 'backfill',
      from: Date.UTC(2026, 1, 1),
      to: Date.UTC(2026, 2, 1),
      count: 10_000,
      seed: 'saleslake',
    });
  });

  it('reads the timestamps of a backfill with their offsets', () => {
    const event = { ...backfill, from: '2026-02-01T12:30:00Z', to: '2026-02-02T01:00:00+01:00' };
    expect(decodeEvent(event)).toMatchObject({
      from: Date.UTC(2026, 1, 1, 12, 30),
      to: Date.UTC(2026, 1, 2),
    });
  });

  it('takes a backfill without a seed', () => {
    expect(decodeEvent(backfill)).toMatchObject({ seed: undefined });
  });

  it('takes a whole number for a seed', () => {
    expect(decodeEvent({ ...backfill, seed: 42 })).toMatchObject({ seed: '42' });
  });

  it('takes a backfill up to the end of the last year that the table covers', () => {
    const event = { ...backfill, from: '2015-01-01', to: '2046-01-01' };
    expect(decodeEvent(event)).toMatchObject({ to: Date.UTC(2046, 0) });
  });

  it.each<[unknown, string]>([
    [null, 'The event is null; expected a JSON object.'],
    [[backfill], `The event is ${JSON.stringify([backfill])}; expected a JSON object.`],
    ['now', 'The event is "now"; expected a JSON object.'],
    [
      { ...tickEvent, 'detail-type': 'Object Created' },
      'The event\'s detail-type is "Object Created"; expected "Scheduled Event".',
    ],
    [
      { ...tickEvent, time: '2026-03-01' },
      'The event\'s time is "2026-03-01"; expected an ISO 8601 timestamp with an offset.',
    ],
    [
      { ...tickEvent, time: undefined },
      "The event's time is missing; expected an ISO 8601 timestamp with an offset.",
    ],
    [
      // Its transactions would lie in 2014.
      { ...tickEvent, time: '2015-01-01T00:00:00Z' },
      'The event\'s time is "2015-01-01T00:00:00Z"; ' +
        'expected a moment in the years 2015 to 2045, UTC.',
    ],
    [{}, "The event's from is missing; expected an ISO 8601 date or a timestamp with an offset."],
    [
      { ...backfill, from: '2026-02-30' },
      'The event\'s from is "2026-02-30"; ' +
        'expected an ISO 8601 date or a timestamp with an offset.',
    ],
    [
      { ...backfill, to: '2026-03-01T00:00:00' },
      'The event\'s to is "2026-03-01T00:00:00"; ' +
        'expected an ISO 8601 date or a timestamp with an offset.',
    ],
    [
      { ...backfill, to: '2026-02-01' },
      'The event\'s to is "2026-02-01"; expected a moment after from, "2026-02-01".',
    ],
    [
      { ...backfill, from: '2014-12-31' },
      'The event\'s from is "2014-12-31"; expected a moment in the years 2015 to 2045, UTC.',
    ],
    [
      { ...backfill, to: '2046-01-02' },
      'The event\'s to is "2046-01-02"; expected a moment in the years 2015 to 2045, UTC.',
    ],
    ...[0, -1, 1.5, 10_000_001, '1000', null].map((count): [unknown, string] => [
      { ...backfill, count },
      `The event's count is ${JSON.stringify(count)}; expected a whole number from 1 to 10000000.`,
    ]),
    ...['', ' ', 1.5, {}, null].map((seed): [unknown, string] => [
      { ...backfill, seed },
      `The event's seed is ${JSON.stringify(seed)}; ` +
        'expected a string that is not blank, a whole number, or no seed at all.',
    ]),
    [
      { ...backfill, sede: 'a' },
      'The event\'s sede is "a"; ' +
        'expected only from, to, count, seed of a backfill, or a scheduled event of EventBridge.',
    ],
  ])('rejects %j', (event, message) => {
    expect(() => decodeEvent(event)).toThrow(new EventError(message));
  });
});
