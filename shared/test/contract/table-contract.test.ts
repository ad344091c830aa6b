import { decimal, int32, partOf, string, timestamp } from '@saleslake/shared/contract/column';
import { defineTable } from '@saleslake/shared/contract/table-contract';

const comment = 'A column.';
const definition = {
  name: 'things',
  version: 1,
  comment: 'Things.',
  columns: {
    id: string({ comment }),
    at: timestamp({ comment }),
    count: int32({ comment }),
    price: decimal(10, 2, { comment }),
    total: decimal(12, 2, { comment }),
  },
  key: ['id'],
  partitioning: { column: 'at', firstYear: 2020, lastYear: 2030 },
};

describe('defineTable', () => {
  it('adds year, month and day as partition columns', () => {
    expect(Object.keys(defineTable(definition).partitionColumns)).toEqual(['year', 'month', 'day']);
  });

  it('adds no partition column where a table has no partitions', () => {
    expect(defineTable({ ...definition, partitioning: undefined }).partitionColumns).toEqual({});
  });

  it.each([
    ['a key that is no column', { key: ['nothing'] }, 'there is no column nothing'],
    ['a name that is not lower_snake_case', { name: 'Things' }, 'Things is not lower_snake_case'],
    ['no key', { key: [] }, 'no column identifies a row'],
    [
      'a partitioning column that is no timestamp',
      { partitioning: { ...definition.partitioning, column: 'id' } },
      'id is not a required timestamp',
    ],
    [
      'a product of what is no number',
      { products: [{ total: 'total', factors: ['count', 'id'] as [string, string] }] },
      'id of a product rule is not a number',
    ],
    [
      'a product whose scale differs from its factors',
      { products: [{ total: 'count', factors: ['count', 'price'] as [string, string] }] },
      'count has not the scale of count × price',
    ],
    ['a comment with a quote', { comment: "It's" }, 'not plain ASCII without quotes'],
    [
      'a column derived from what is no timestamp',
      { columns: { ...definition.columns, hour: partOf('id', 'hour', { comment }) } },
      'hour is derived from what is no timestamp',
    ],
  ])('refuses %s', (_name, change, message) => {
    expect(() => defineTable({ ...definition, ...change })).toThrow(message);
  });
});

describe('decimal', () => {
  it.each([
    [39, 2],
    [0, 0],
    [5, 6],
  ])('refuses decimal(%i,%i)', (precision, scale) => {
    expect(() => decimal(precision, scale, { comment })).toThrow(RangeError);
  });
});
