import { itemSize } from '../../src/dynamodb/item-size';
import type { Item } from '../../src/dynamodb/item';

describe('the size of an item', () => {
  // The sums are those of the records shown in the AWS documentation of streams and Lambda.
  it('is what AWS shows for its example', () => {
    const key: Item = { Id: { N: '101' } };
    expect(itemSize(key) + itemSize({ ...key, Message: { S: 'New item!' } })).toBe(26);
  });

  it.each<[string, Item, number]>([
    ['UTF-8 bytes of names and strings', { ä: { S: 'ü🌱' } }, 2 + 6],
    ['a byte for two digits, and one', { n: { N: '12345' } }, 1 + 4],
    ['no zeros around a number', { n: { N: '00120.500' } }, 1 + 3],
    ['a byte for a minus', { n: { N: '-1' } }, 1 + 3],
    ['one byte for zero', { n: { N: '0' } }, 1 + 1],
    ['bytes of binary, not base64', { b: { B: 'AQID' } }, 1 + 3],
    ['one byte for a boolean or null', { a: { BOOL: true }, b: { NULL: true } }, 4],
    ['the elements of a set', { s: { SS: ['ab', 'c'] }, n: { NS: ['1', '2'] } }, 1 + 3 + 1 + 4],
    [
      'three bytes and one an element of a list',
      { l: { L: [{ S: 'ab' }, { L: [] }] } },
      1 + 3 + 3 + 4,
    ],
    ['three bytes and one an element of a map', { m: { M: { k: { S: 'ab' } } } }, 1 + 3 + 1 + 3],
  ])('counts %s', (_, item, size) => {
    expect(itemSize(item)).toBe(size);
  });
});
