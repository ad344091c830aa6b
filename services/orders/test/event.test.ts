import { EventError } from '@saleslake/shared/runtime/errors';
import changeEvent from '../events/change.json';
import tickEvent from '../events/tick.json';
import { decodeEvent } from '../src/event';

describe('decodeEvent', () => {
  it('asks for the changes of a tick under the time of the scheduled event', () => {
    expect(decodeEvent(tickEvent, 60)).toEqual({
      name: ['tick', '2026-03-01T18:05:00Z'],
      size: { changes: 60, orders: 20 },
      seed: undefined,
    });
  });

  it('takes as many orders as a third of the changes, where it is not told', () => {
    expect(decodeEvent(changeEvent, 60)).toEqual({
      name: ['changes', '3000', '1000'],
      size: { changes: 3000, orders: 1000 },
      seed: 'demo',
    });
  });

  it('takes an empty event for as many changes as a tick has', () => {
    expect(decodeEvent({}, 61).size).toEqual({ changes: 61, orders: 21 });
  });

  it('takes the number of orders and a whole number as seed', () => {
    expect(decodeEvent({ changes: 9, orders: 9, seed: 7 }, 60)).toMatchObject({
      size: { changes: 9, orders: 9 },
      seed: '7',
    });
  });

  it.each<[unknown, string]>([
    [null, 'The event is null; expected a JSON object.'],
    [[], 'The event is []; expected a JSON object.'],
    [
      { ...tickEvent, 'detail-type': 'Object Created' },
      'The event\'s detail-type is "Object Created"; expected "Scheduled Event".',
    ],
    [
      { ...tickEvent, time: 'now' },
      'The event\'s time is "now"; expected an ISO 8601 timestamp with an offset.',
    ],
    ...[0, 1.5, '3000', 50_001].map((changes): [unknown, string] => [
      { changes },
      `The event's changes is ${JSON.stringify(changes)}; ` +
        'expected a whole number from 1 to 50000.',
    ]),
    [
      { changes: 10, orders: 11 },
      "The event's orders is 11; expected a whole number from 1 to 10.",
    ],
    [
      { seed: ' ' },
      'The event\'s seed is " "; ' +
        'expected a string that is not blank, a whole number, or no seed at all.',
    ],
    [
      { change: 1 },
      "The event's change is 1; " +
        'expected only changes, orders and seed, or a scheduled event of EventBridge.',
    ],
  ])('rejects %j', (event, message) => {
    expect(() => decodeEvent(event, 60)).toThrow(new EventError(message));
  });
});
