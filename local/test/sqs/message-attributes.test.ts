import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import {
  encodeAttributes,
  md5OfAttributes,
  selectAttributes,
  type MessageAttributes,
} from '../../src/sqs/message-attributes';
import { queueConfig, startSqs, type LocalSqs } from './local-sqs';

/** The reverse of `encodeAttributes`. */
function decodeAttributes(encoded: Buffer): MessageAttributes {
  const attributes: MessageAttributes = {};
  let at = 0;
  const take = (): Buffer => {
    const length = encoded.readUInt32BE(at);
    at += 4 + length;
    return encoded.subarray(at - length, at);
  };
  while (at < encoded.length) {
    const name = take().toString();
    const DataType = take().toString();
    at += 1;
    attributes[name] =
      encoded[at - 1] === 1
        ? { DataType, StringValue: take().toString() }
        : { DataType, BinaryValue: take().toString('base64') };
  }
  return attributes;
}

const label = fc.stringMatching(/^[a-z]{0,5}$/).map((text) => (text === '' ? '' : `.${text}`));
const attribute = fc.oneof(
  fc.record({
    DataType: label.map((text) => `String${text}`),
    StringValue: fc.string({ minLength: 1, unit: 'grapheme' }),
  }),
  fc.record({
    DataType: label.map((text) => `Binary${text}`),
    BinaryValue: fc
      .uint8Array({ minLength: 1 })
      .map((bytes) => Buffer.from(bytes).toString('base64')),
  }),
);
const attributes = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), attribute, {
  maxKeys: 10,
  noNullPrototype: true,
});

const number = (StringValue: string) => ({ DataType: 'Number', StringValue });

describe('the digest of message attributes', () => {
  it('covers all there is to an attribute: what it is taken of can be read back', () => {
    fc.assert(
      fc.property(attributes, (given) => {
        expect(decodeAttributes(encodeAttributes(given))).toEqual(given);
      }),
      { seed: 1 },
    );
  });

  it.each([
    ['one number', { timestamp: number('1493147359900') }, '235c5c510d26fb653d073faed50ae77c'],
    [
      'a dotted name',
      { 'SOME_Valid.attribute-Name': number('1493147359900') },
      '36655e7e9d7c0e8479fa3f3f42247ae7',
    ],
    [
      'two',
      { Foo: { DataType: 'String', StringValue: 'Bar' }, Count: number('1') },
      '324758f82d026ac6ec5b31a3b192d1e3',
    ],
  ])('is what AWS answers for %s', (_, given, digest) => {
    expect(md5OfAttributes(given)).toBe(digest);
  });

  it('does not depend on the order of attributes', () => {
    fc.assert(
      fc.property(attributes, (given) => {
        const reversed = Object.fromEntries(Object.entries(given).reverse());
        expect(md5OfAttributes(reversed)).toBe(md5OfAttributes(given));
      }),
      { seed: 1 },
    );
  });
});

describe('selecting attributes', () => {
  const names = (selectors: string[]) => {
    const one = { DataType: 'String', StringValue: 'x' };
    return Object.keys(selectAttributes({ a: one, 'trace.id': one, 'trace.on': one }, selectors));
  };

  it.each([
    [['All'], ['a', 'trace.id', 'trace.on']],
    [['.*'], ['a', 'trace.id', 'trace.on']],
    [['trace.*'], ['trace.id', 'trace.on']],
    [['a', 'absent'], ['a']],
    [[], []],
  ])('by %j gives %j', (selectors, selected) => {
    expect(names(selectors)).toEqual(selected);
  });
});

describe('attributes of a sent message', () => {
  let local: LocalSqs;
  let QueueUrl: string;
  beforeEach(async () => {
    local = await startSqs();
    local.sqs.createQueue(queueConfig('orders'));
    QueueUrl = `${local.context.endpoint()}/000000000000/orders`;
  });
  afterEach(() => local.close());

  it('come back as sent, with the digest of those selected', async () => {
    const MessageAttributes = {
      text: { DataType: 'String', StringValue: 'grüße' },
      count: { DataType: 'Number.int', StringValue: '-12' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255, 128]) },
    };
    const sent = await local.client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageAttributes }),
    );
    const command = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] });
    const { Messages } = await local.client.send(command);

    expect(Messages?.[0]?.MessageAttributes).toEqual(MessageAttributes);
    expect(Messages?.[0]?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  });

  it.each([
    ['an unknown type', { a: { DataType: 'Text', StringValue: 'b' } }, "'Text'"],
    ['an empty value', { a: { DataType: 'String', StringValue: '' } }, 'StringValue'],
    ['a number that is none', { a: { DataType: 'Number', StringValue: 'b' } }, "'b'"],
    ['a reserved name', { 'AWS.a': { DataType: 'String', StringValue: 'b' } }, "'AWS.a'"],
    [
      'more than ten',
      Object.fromEntries(
        Array.from({ length: 11 }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'b' }]),
      ),
      '[11]',
    ],
  ])('are refused with %s', async (_, MessageAttributes, named) => {
    const command = new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageAttributes });

    await expect(local.client.send(command)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(named) as string,
    });
  });
});
