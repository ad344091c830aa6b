import { formatManifest, parseManifest, type Manifest } from '@saleslake/shared/lake/manifest';

const manifest: Manifest = {
  source: { bucket: 'lake-raw', key: 'raw/transactions/ü.json' },
  sequencer: '0A',
  etag: 'e',
  size: 10,
  table: 'transactions',
  contractVersion: 1,
  state: 'complete',
  rows: { in: 3, good: 1, quarantined: 1, duplicates: 1 },
  whole: false,
  reasons: [{ field: 'quantity', records: 1, example: 'line 2: …' }],
  outputs: [{ key: 'processed/a', rows: 1 }],
};

it('is read back as it was written', () => {
  expect(parseManifest('m', formatManifest(manifest))).toEqual(manifest);
});

it.each([
  ['no JSON', '<html>', 'The manifest m is not JSON.'],
  ['null', 'null', 'The manifest m has no sequencer, state or outputs.'],
  ['another object', '{"state":"complete"}', 'The manifest m has no sequencer, state or outputs.'],
  [
    'of an unknown state',
    '{"sequencer":"0A","state":"done","outputs":[]}',
    'has no sequencer, state',
  ],
])('is refused where it is %s', (_name, text, message) => {
  expect(() => parseManifest('m', text)).toThrow(message);
});
