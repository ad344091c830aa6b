import { compileEventPattern } from '../../src/eventbridge/event-pattern';

const EVENT = {
  source: 'aws.s3',
  'detail-type': 'Object Created',
  resources: ['arn:aws:s3:::raw', 'arn:aws:s3:::other'],
  detail: {
    bucket: { name: 'raw' },
    object: { key: 'raw/transactions/a.json', size: 300, etag: null, deleted: false },
    'source-ip': '10.0.0.33',
    'source-ip-v6': '2001:db8::1',
    state: '',
    none: [],
    lines: [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ],
  },
};

const matches = (pattern: unknown): boolean => compileEventPattern(pattern)(EVENT);
const key = (...filters: unknown[]): object => ({ detail: { object: { key: filters } } });
const size = (...filters: unknown[]): object => ({ detail: { object: { size: filters } } });

describe('an event pattern', () => {
  it.each<[string, object]>([
    ['an exact value', { source: ['aws.s3'] }],
    ['one of several values', { source: ['aws.ec2', 'aws.s3'] }],
    ['every one of several fields', { source: ['aws.s3'], detail: { bucket: { name: ['raw'] } } }],
    ['a number', size(300)],
    ['a boolean', { detail: { object: { deleted: [false] } } }],
    ['null', { detail: { object: { etag: [null] } } }],
    ['an empty string', { detail: { state: [''] } }],
    ['any element of an array', { resources: ['arn:aws:s3:::other'] }],
    ['fields of one element', { detail: { lines: { sku: ['B'], quantity: [2] } } }],
    ['prefix', key({ prefix: 'raw/' })],
    ['prefix in any case', key({ prefix: { 'equals-ignore-case': 'RAW/' } })],
    ['suffix', key({ suffix: '.json' })],
    ['suffix in any case', key({ suffix: { 'equals-ignore-case': '.JSON' } })],
    ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'AWS.s3' }] }],
    ['wildcard', key({ wildcard: 'raw/*/*.json' })],
    ['anything-but a string', { source: [{ 'anything-but': 'aws.ec2' }] }],
    ['anything-but a list', { source: [{ 'anything-but': ['aws.ec2', 'aws.sqs'] }] }],
    ['anything-but numbers', size({ 'anything-but': [1, 2] })],
    ['anything-but a prefix', key({ 'anything-but': { prefix: 'processed/' } })],
    ['anything-but prefixes', key({ 'anything-but': { prefix: ['a/', 'b/'] } })],
    ['anything-but a suffix', key({ 'anything-but': { suffix: '.csv' } })],
    ['anything-but in any case', key({ 'anything-but': { 'equals-ignore-case': 'x' } })],
    ['anything-but a wildcard', key({ 'anything-but': { wildcard: '*.csv' } })],
    ['a number equal', size({ numeric: ['=', 300] })],
    ['a number within bounds', size({ numeric: ['>', 0, '<=', 300] })],
    ['exists', key({ exists: true })],
    ['exists false of a missing field', { detail: { missing: [{ exists: false }] } }],
    ['exists false below a missing field', { detail: { no: { such: [{ exists: false }] } } }],
    ['exists false of an empty array', { detail: { none: [{ exists: false }] } }],
    ['exists false of an object, which is no leaf', { detail: { bucket: [{ exists: false }] } }],
    ['cidr', { detail: { 'source-ip': [{ cidr: '10.0.0.0/24' }] } }],
    ['cidr of IPv6', { detail: { 'source-ip-v6': [{ cidr: '2001:db8::/32' }] } }],
    ['$or at the top', { $or: [{ source: ['aws.ec2'] }, { 'detail-type': ['Object Created'] }] }],
    ['$or beside a field', { source: ['aws.s3'], detail: { $or: [{ a: [1] }, { state: [''] }] } }],
  ])('matches %s', (_, pattern) => {
    expect(matches(pattern)).toBe(true);
  });

  it.each<[string, object]>([
    ['another value', { source: ['aws.ec2'] }],
    ['one field of two', { source: ['aws.s3'], 'detail-type': ['Object Deleted'] }],
    ['a missing field', { detail: { missing: ['x'] } }],
    ['null where the field is missing', { detail: { missing: [null] } }],
    ['the text of a number', size('300')],
    ['fields of two elements', { detail: { lines: { sku: ['A'], quantity: [2] } } }],
    ['another prefix', key({ prefix: 'processed/' })],
    ['a prefix in another case', key({ prefix: 'RAW/' })],
    ['another suffix', key({ suffix: '.csv' })],
    ['a wildcard that leaves some over', key({ wildcard: 'raw/*.csv' })],
    ['anything-but the value', { source: [{ 'anything-but': 'aws.s3' }] }],
    ['anything-but a list with it', { source: [{ 'anything-but': ['aws.s3', 'b'] }] }],
    ['anything-but of a missing field', { detail: { missing: [{ 'anything-but': 'x' }] } }],
    ['anything-but its prefix', key({ 'anything-but': { prefix: ['a/', 'raw/'] } })],
    ['anything-but its suffix', key({ 'anything-but': { suffix: '.json' } })],
    ['anything-but its wildcard', key({ 'anything-but': { wildcard: 'raw/*' } })],
    ['a number out of bounds', size({ numeric: ['>', 300] })],
    ['a numeric of a text', key({ numeric: ['>', 0] })],
    ['exists false of a field', key({ exists: false })],
    ['exists of a missing field', { detail: { missing: [{ exists: true }] } }],
    ['an address out of the block', { detail: { 'source-ip': [{ cidr: '10.0.1.0/24' }] } }],
    ['an address of the other version', { detail: { 'source-ip': [{ cidr: '2001:db8::/32' }] } }],
    ['$or of nothing that holds', { $or: [{ source: ['a'] }, { source: ['b'] }] }],
    ['a field besides an $or that holds', { id: ['x'], $or: [{ source: ['aws.s3'] }, { a: [1] }] }],
  ])('does not match %s', (_, pattern) => {
    expect(matches(pattern)).toBe(false);
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown operator', key({ contains: 'x' }), /contains at detail\.object\.key/],
    ['an unknown operator in anything-but', key({ 'anything-but': { cidr: '::/0' } }), /cidr at/],
    ['two operators in one filter', key({ prefix: 'a', suffix: 'b' }), /exactly one operator/],
    ['a field that is no array', { source: 'aws.s3' }, /source must be an object or an array/],
    ['an empty array', { source: [] }, /empty array at source/],
    ['an empty object', { detail: {} }, /empty object at detail/],
    ['an empty pattern', {}, /empty object at the top/],
    ['a pattern that is an array', ['aws.s3'], /the top must be an object/],
    ['an array in an array', { source: [['aws.s3']] }, /array inside the array at source/],
    ['a prefix that is a number', key({ prefix: 1 }), /prefix at detail\.object\.key takes/],
    ['anything-but of strings and numbers', key({ 'anything-but': ['a', 1] }), /anything-but at/],
    ['an unknown comparison', size({ numeric: ['!=', 1] }), /numeric at .* has !=/],
    ['a range from above to below', size({ numeric: ['<', 1, '>', 0] }), /lower bound and then/],
    ['a number beyond the range', size({ numeric: ['<', 6e9] }), /-5e9 to 5e9/],
    ['an exists that is no boolean', key({ exists: 'yes' }), /exists at .* takes true or false/],
    ['a cidr without bits', { detail: { 'source-ip': [{ cidr: '10.0.0.0' }] } }, /cidr at/],
    ['an $or of one', { $or: [{ source: ['a'] }] }, /\$or must be an array of at least two/],
    ['two stars in a row', key({ wildcard: 'a**' }), /consecutive wildcard characters/],
    ['an escape of another character', key({ wildcard: 'a\\b' }), /escapes neither/],
  ])('is refused where it has %s', (_, pattern, message) => {
    expect(() => compileEventPattern(pattern)).toThrow(message);
  });
});
