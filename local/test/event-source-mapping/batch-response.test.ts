import { readBatchResponse } from '../../src/event-source-mapping/batch-response';

const read = (response: unknown) => readBatchResponse(response, new Set(['a', 'b']));
const failing = (...itemIdentifiers: unknown[]) => ({
  batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('the response of a function with ReportBatchItemFailures', () => {
  it.each([
    ['no answer', undefined],
    ['null', null],
    ['an empty string', ''],
    ['an empty object', {}],
    ['a null list', { batchItemFailures: null }],
    ['an empty list', { batchItemFailures: [] }],
  ])('succeeds as a whole: %s', (_, response) => {
    expect(read(response)).toEqual({ failed: new Set() });
  });

  it('names the messages that failed', () => {
    expect(read(failing('b'))).toEqual({ failed: new Set(['b']) });
  });

  it('may name a message twice', () => {
    expect(read(failing('b', 'b'))).toEqual({ failed: new Set(['b']) });
  });

  it.each([
    ['an empty id', failing('a', '')],
    ['a null id', failing(null)],
    ['the id of another message', failing('c')],
    ['another key than itemIdentifier', { batchItemFailures: [{ messageId: 'a' }] }],
    ['bare ids', { batchItemFailures: ['a'] }],
    ['null among the failures', { batchItemFailures: [null] }],
    ['failures that are no list', { batchItemFailures: 'a' }],
    ['a string', 'done'],
    ['a list', [{ itemIdentifier: 'a' }]],
  ])('is malformed with %s', (_, response) => {
    expect(read(response)).toEqual({
      malformed: expect.stringMatching(/^expected .*, found /) as string,
    });
  });
});
