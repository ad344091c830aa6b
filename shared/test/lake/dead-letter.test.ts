import { functionNameOf, objectOfEvent, parseDeadLetter } from '@saleslake/shared/lake/dead-letter';

const read = (body: unknown, MessageAttributes = {}) =>
  parseDeadLetter({ Body: JSON.stringify(body), MessageAttributes });

const objectEvent = { detail: { bucket: { name: 'b' }, object: { key: 'k' } } };
const functionArn = 'arn:aws:lambda:r:1:function:f:$LATEST';

it('is the event that a function failed on, with why', () => {
  const record = {
    requestContext: { functionArn, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { n: 1 },
    responsePayload: { errorType: 'Error', errorMessage: 'broken' },
  };
  expect(read(record)).toEqual({
    kind: 'invocation',
    functionArn,
    payload: { n: 1 },
    attempts: 3,
    condition: 'RetriesExhausted',
    error: { type: 'Error', message: 'broken' },
  });
});

it('is the place of changes in a stream, with the pipe that gave them up', () => {
  const position = {
    streamArn: 'arn:aws:dynamodb:r:1:table/t/stream/s',
    shardId: 'shardId-1',
    startSequenceNumber: '1',
    endSequenceNumber: '9',
    batchSize: 4,
  };
  const arrival = { approximateArrivalOfFirstRecord: '2026-03-01T10:00:00Z' };
  const context = { partnerResourceArn: 'arn:pipe/p', condition: 'RecordAgeExceeded' };
  expect(read({ context, DDBStreamBatchInfo: { ...position, ...arrival } })).toEqual({
    kind: 'stream position',
    position: { ...position, firstAt: Date.parse('2026-03-01T10:00:00Z') },
    pipeArn: 'arn:pipe/p',
    condition: 'RecordAgeExceeded',
  });
});

it('is a message for another queue, of an object, with why it could not be delivered', () => {
  const attributes = {
    ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
    ERROR_MESSAGE: { StringValue: 'not allowed' },
    RETRY_ATTEMPTS: { StringValue: '7' },
  };
  expect(read(objectEvent, attributes)).toEqual({
    kind: 'queued',
    object: { bucket: 'b', key: 'k' },
    error: { code: 'NO_PERMISSIONS', message: 'not allowed' },
    retries: 7,
  });
});

it.each([
  ['nothing'],
  [null],
  [7],
  [[]],
  [{ requestContext: 1 }],
  [{ requestContext: { functionArn } }],
  [{ DDBStreamBatchInfo: { streamArn: 'arn' } }],
  [{ detail: { bucket: [], object: { key: '' } } }],
])('is a message for another queue where it is of no form that is known: %j', (body) => {
  expect(read(body)).toMatchObject({ kind: 'queued', object: undefined });
});

it('may be any text', () => {
  expect(parseDeadLetter({ Body: '{not JSON' })).toMatchObject({ kind: 'queued' });
  expect(parseDeadLetter({})).toMatchObject({ kind: 'queued' });
});

it('names the function of an ARN, and the object of an event alone', () => {
  expect(functionNameOf(functionArn)).toBe('f');
  expect(objectOfEvent(objectEvent)).toEqual({ bucket: 'b', key: 'k' });
  expect(objectOfEvent('text')).toBeUndefined();
});
