import { convertToNative } from '@aws-sdk/util-dynamodb';
import { isJsonObject, type JsonObject } from '@saleslake/shared/runtime/json-object';
import { PayloadError } from './payload-error';

type AttributeValue = Parameters<typeof convertToNative>[0];

/** Seconds of the first moment that ISO 8601 has no four digits for. */
const YEAR_10000 = 253_402_300_800;
const INTEGER = /^-?\d{1,10}$/;
// The digits as DynamoDB has them, up to 38: a double would lose some.
const exactly = { wrapNumbers: (text: string) => text };

/**
 * Reads a record of the orders table's DynamoDB stream, as EventBridge Pipes hands it on, as a
 * record of order_events: an order as it was after the change; before it, as far as that was
 * captured, for a REMOVE, also one by time to live. Attributes that the contract does not know are
 * left out.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html
 * @throws PayloadError where it is no such record, or an attribute is of another type.
 */
export function orderChange(value: JsonObject): JsonObject {
  if (value['eventSource'] !== 'aws:dynamodb') {
    throw new PayloadError('eventSource: expected "aws:dynamodb", of a DynamoDB stream');
  }
  const change = value['dynamodb'];
  if (!isJsonObject(change)) throw new PayloadError('dynamodb: expected the change of an item');
  const reasons: string[] = [];

  const seconds = change['ApproximateCreationDateTime'];
  const isTime = typeof seconds === 'number' && seconds >= 0 && seconds < YEAR_10000;
  if (!isTime) {
    reasons.push('dynamodb.ApproximateCreationDateTime: expected seconds since the epoch');
  }

  const eventName = value['eventName'];
  const removed = eventName === 'REMOVE';
  const imageName = removed ? 'OldImage' : 'NewImage';
  const image = change[imageName];
  if (image === undefined || image === null ? !removed : !isJsonObject(image)) {
    reasons.push(
      `dynamodb.${imageName}: expected the item, as a stream of NEW_AND_OLD_IMAGES has it`,
    );
  }

  const attribute = (of: 'Keys' | 'NewImage' | 'OldImage', name: string, type: 'S' | 'N') => {
    const attributes = of === 'Keys' ? change['Keys'] : image;
    const found =
      isJsonObject(attributes) && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (found === undefined) return null;
    const given = typeOf(found);
    if (given === 'NULL') return null;
    if (given !== type || typeof (found as JsonObject)[type] !== 'string') {
      reasons.push(`dynamodb.${of}.${name}: expected a ${TYPES[type]}, got ${given}`);
      return null;
    }
    return convertToNative(found as AttributeValue, exactly) as string;
  };
  const quantity = attribute(imageName, 'quantity', 'N');
  const record = {
    order_id: attribute('Keys', 'orderId', 'S'),
    product_name: attribute(imageName, 'product_name', 'S'),
    quantity: quantity !== null && INTEGER.test(quantity) ? Number(quantity) : quantity,
    price: attribute(imageName, 'price', 'N'),
    event_type: eventName,
    event_time: isTime ? timestampText(seconds) : null,
    sequence_number: change['SequenceNumber'],
  };
  if (reasons.length > 0) throw new PayloadError(reasons.join('; '));
  return record;
}

const TYPES = { S: 'string (S)', N: 'number (N)' };
const ATTRIBUTE_TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'];

/** The name of an attribute value's type. */
function typeOf(value: unknown): string {
  let type = 'nothing of DynamoDB';
  if (!isJsonObject(value)) return type;
  let members = 0;
  for (const name in value) {
    if (++members > 1 || !ATTRIBUTE_TYPES.includes(name)) return 'nothing of DynamoDB';
    type = name;
  }
  return type;
}

let lastSeconds = NaN;
let lastText = '';

/** ISO 8601; the text of the last is kept, as one second sees many changes. */
function timestampText(seconds: number): string {
  if (seconds !== lastSeconds) {
    lastText = new Date(Math.round(seconds * 1000)).toISOString();
    lastSeconds = seconds;
  }
  return lastText;
}
