import { typed, type AttributeValue, type Item } from './item';

/** The most bytes an item may have, names included. */
export const LARGEST_ITEM_BYTES = 400 * 1024;

/**
 * The bytes that DynamoDB counts for an item.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) {
    size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

const LIST_OR_MAP_BYTES = 3;
const ELEMENT_BYTES = 1;

function valueSize(attribute: AttributeValue): number {
  const [type, value] = typed(attribute);
  switch (type) {
    case 'S':
      return Buffer.byteLength(value as string);
    case 'N':
      return numberSize(value as string);
    case 'B':
      return Buffer.byteLength(value as string, 'base64');
    case 'SS':
    case 'NS':
    case 'BS': {
      const elementType = type.slice(0, 1);
      return sum(value as string[], (element) => valueSize({ [elementType]: element }));
    }
    case 'L': {
      const elements = value as AttributeValue[];
      return LIST_OR_MAP_BYTES + sum(elements, (element) => ELEMENT_BYTES + valueSize(element));
    }
    case 'M': {
      const map = value as Item;
      return LIST_OR_MAP_BYTES + ELEMENT_BYTES * Object.keys(map).length + itemSize(map);
    }
    default: // BOOL and NULL
      return 1;
  }
}

/** A byte for two significant digits, one more, and one for the sign of a negative number. */
function numberSize(number: string): number {
  const digits = number
    .replace(/[eE].*$/, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(digits.length / 2) + (number.startsWith('-') ? 1 : 0);
}

function sum<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}
