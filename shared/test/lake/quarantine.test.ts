import fc from 'fast-check';
import {
  emptyQuarantineFile,
  formatQuarantineRecord,
  parseQuarantineFile,
  type QuarantineRecord,
} from '@saleslake/shared/lake/quarantine';

const record: QuarantineRecord = {
  source: 's3://lake-raw/raw/transactions/a.json',
  etag: 'e',
  size: 10,
  sequencer: '0A',
  line: 3,
  reasons: 'line 3: quantity: expected an int32, at least 1, got 0',
  violations: [{ field: 'quantity', value: '0', expected: 'an int32, at least 1' }],
  record: '{"quantity":0,\n"\u2028":1}',
};

it('writes a record on one line, and reads it back', () => {
  const text = formatQuarantineRecord(record);
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(parseQuarantineFile(text + text)).toEqual([record, record]);
});

it('has an empty file for each sequencer, in which a reader finds nothing', () => {
  const sequencer = fc.stringMatching(/^[0-9A-F]{1,20}$/);
  fc.assert(
    fc.property(sequencer, sequencer, (a, b) => {
      expect(parseQuarantineFile(emptyQuarantineFile(a))).toEqual([]);
      expect(emptyQuarantineFile(a) === emptyQuarantineFile(b)).toBe(a === b);
    }),
    {
      seed: 1,
      examples: [
        ['0A', '00A'],
        ['A', 'A0'],
      ],
    },
  );
});
