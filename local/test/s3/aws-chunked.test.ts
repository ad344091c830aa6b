import fc from 'fast-check';
import { decodeAwsChunked } from '../../src/s3/aws-chunked';

async function decode(pieces: Buffer[], trailers = new Map<string, string>()): Promise<Buffer> {
  const decoded: Buffer[] = [];
  async function* source() {
    await Promise.resolve();
    yield* pieces;
  }
  for await (const chunk of decodeAwsChunked(source(), trailers)) decoded.push(chunk);
  return Buffer.concat(decoded);
}

function frame(chunks: Uint8Array[], signed: boolean): Buffer {
  const signature = signed ? `;chunk-signature=${'0'.repeat(64)}` : '';
  const framed = [...chunks.filter((chunk) => chunk.length > 0), new Uint8Array()].map((chunk) =>
    Buffer.concat([
      Buffer.from(`${chunk.length.toString(16)}${signature}\r\n`),
      chunk,
      Buffer.from(chunk.length > 0 ? '\r\n' : ''),
    ]),
  );
  return Buffer.concat(framed);
}

describe('decoding aws-chunked', () => {
  it('gives back the bytes and the trailers, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        async (chunks, signed, cut) => {
          const trailer = Buffer.from('x-amz-checksum-crc32:AAAAAA==\r\n\r\n');
          const whole = Buffer.concat([frame(chunks, signed), trailer]);
          const pieces: Buffer[] = [];
          for (let at = 0; at < whole.length; at += cut) pieces.push(whole.subarray(at, at + cut));
          const trailers = new Map<string, string>();
          expect(await decode(pieces, trailers)).toEqual(Buffer.concat(chunks));
          expect(Object.fromEntries(trailers)).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
        },
      ),
      { seed: 20260102, numRuns: 200 },
    );
  });

  it('takes a body that ends right after the empty chunk', async () => {
    expect(await decode([Buffer.from('2\r\nhi\r\n0\r\n')])).toEqual(Buffer.from('hi'));
  });

  it.each([
    ['', 'IncompleteBody'],
    ['5\r\nhel', 'IncompleteBody'],
    ['5\r\nhello\r\n', 'IncompleteBody'],
    ['0\r\nx-amz-checksum-crc32:AAA', 'IncompleteBody'],
    ['hello\r\n', 'InvalidRequest'],
    ['2\r\nhello\r\n0\r\n\r\n', 'InvalidRequest'],
    ['0\r\n\r\nmore\r\n', 'InvalidRequest'],
    ['f'.repeat(5000), 'InvalidRequest'],
    ['0\r\nno colon\r\n\r\n', 'MalformedTrailerError'],
  ])('refuses %j with %s', async (body, code) => {
    await expect(decode([Buffer.from(body)])).rejects.toMatchObject({ code });
  });
});
