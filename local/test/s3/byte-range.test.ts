import { byteRange } from '../../src/s3/byte-range';

describe('the range of a 10-byte object', () => {
  it.each([
    ['bytes=0-3', { first: 0, last: 3 }],
    ['bytes=4-', { first: 4, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-30', { first: 0, last: 9 }],
    ['bytes=8-100', { first: 8, last: 9 }],
  ])('%s is a part of it', (header, range) => {
    expect(byteRange(header, 10)).toEqual(range);
  });

  it.each([undefined, 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'rows=0-1', 'bytes=a-b'])(
    '%s is all of it',
    (header) => {
      expect(byteRange(header, 10)).toBeUndefined();
    },
  );

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('%s cannot be satisfied', (header) => {
    expect(() => byteRange(header, 10)).toThrow('not satisfiable');
  });

  it('cannot be satisfied where the object is empty', () => {
    expect(() => byteRange('bytes=-5', 0)).toThrow('not satisfiable');
  });
});
