import fc from 'fast-check';
import { ndjsonChunks } from '../src/ndjson';

describe('ndjsonChunks', () => {
  it('ends every line with a newline, in UTF-8', () => {
    expect([...ndjsonChunks(['{"a":"é"}', '{}'])]).toEqual([Buffer.from('{"a":"é"}\n{}\n')]);
  });

  it('makes no chunk of no lines', () => {
    expect([...ndjsonChunks([])]).toEqual([]);
  });

  it('loses and adds nothing where it cuts, and cuts at line ends', () => {
    const lengths = fc.array(fc.nat({ max: 700_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, (lengths) => {
        const lines = lengths.map((length) => 'x'.repeat(length));
        const chunks = [...ndjsonChunks(lines)];
        expect(Buffer.concat(chunks).equals(Buffer.from(lines.map((l) => `${l}\n`).join('')))).toBe(
          true,
        );
        for (const chunk of chunks) expect(chunk.at(-1)).toBe('\n'.charCodeAt(0));
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it('draws no more lines than the chunk that is asked for needs', () => {
    let drawn = 0;
    function* lines(): Generator<string> {
      for (;;) {
        drawn += 1;
        yield 'x'.repeat(1023);
      }
    }
    ndjsonChunks(lines()).next();
    expect(drawn).toBe(1024);
  });
});
