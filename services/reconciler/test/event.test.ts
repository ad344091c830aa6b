import tickEvent from '../events/tick.json';
import windowEvent from '../events/window.json';
import { decodeEvent } from '../src/event';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-10T12:00:00Z');
const decode = (event: unknown) => decodeEvent(event, NOW, 3 * DAY);

describe('the event', () => {
  it.each([
    ['of the schedule asks for the last days', tickEvent, [NOW - 3 * DAY, NOW]],
    ['without fields asks for the same', {}, [NOW - 3 * DAY, NOW]],
    [
      'may name both ends',
      windowEvent,
      [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-03-02T00:00:00Z')],
    ],
    [
      'may name the beginning alone',
      { since: '2026-02-01T02:00:00+02:00' },
      [Date.parse('2026-02-01T00:00:00Z'), NOW],
    ],
    [
      'may name the end alone',
      { to: '2026-03-05T00:00:00Z' },
      [Date.parse('2026-03-02T00:00:00Z'), Date.parse('2026-03-05T00:00:00Z')],
    ],
  ])('%s', (_name, event, [since, to]) => {
    expect(decode(event)).toEqual({ since, to });
  });

  it.each([
    [null, 'The event is null; expected a JSON object.'],
    [
      { since: 'yesterday' },
      'The event\'s since is "yesterday"; expected an ISO 8601 timestamp with an offset.',
    ],
    [{ to: 5 }, "The event's to is 5; expected an ISO 8601 timestamp with an offset."],
    [
      { since: '2026-04-01T00:00:00Z' },
      'The event\'s since is "2026-04-01T00:00:00Z"; expected a time before 2026-03-10T12:00:00.000Z.',
    ],
    [
      { from: '2026-03-01' },
      'The event\'s from is "2026-03-01"; expected only since and to, or a scheduled event of EventBridge.',
    ],
    [
      { 'detail-type': 'Object Created' },
      'The event\'s detail-type is "Object Created"; expected "Scheduled Event".',
    ],
  ])('%j is refused', (event, message) => {
    expect(() => decode(event)).toThrow(message);
  });
});
