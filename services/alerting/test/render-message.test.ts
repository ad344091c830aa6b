import fc from 'fast-check';
import type { Evidence } from '../src/evidence/evidence';
import type { Incident, Telling } from '../src/incident';
import { renderMessage } from '../src/render-message';

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { maxLength: 100 });
const evidence: fc.Arbitrary<Evidence> = fc.record({
  headline: fc.string({ unit: 'binary', maxLength: 300 }),
  facts: texts,
  whereabouts: texts,
  show: texts,
  replay: texts,
  afterwards: fc.string(),
  mark: fc.string(),
});
const time = fc.integer({ min: 0, max: 2e12 });
const telling: fc.Arbitrary<Telling> = fc.record({
  kind: fc.constantFrom('opened', 'still', 'recovered'),
  began: time,
  times: fc.nat(),
  news: fc.array(time, { maxLength: 2 }),
});
const incident: fc.Arbitrary<Incident> = fc.record({
  alarm: fc.record({ name: fc.string({ minLength: 1, unit: 'binary' }), description: fc.string() }),
  reason: fc.record({ text: fc.string({ unit: 'binary' }) }),
  changedAt: time,
  entered: fc.constant([]),
  untold: fc.constant([]),
  left: fc.option(time),
  told: fc.constant(null),
});

describe('a message, whatever it is about,', () => {
  it('has a subject that SNS takes, and at most sixty lines', () => {
    fc.assert(
      fc.property(incident, telling, evidence, (of, what, found) => {
        const message = renderMessage(of, what, found, { stage: 'dev', repeatMinutes: 60 });
        expect(message.subject).toMatch(/^\[[\x20-\x7e]{1,99}$/);
        expect(message.body.split('\n').length - 1).toBeLessThanOrEqual(60);
        expect(Buffer.byteLength(message.body)).toBeLessThan(262_144);
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});
