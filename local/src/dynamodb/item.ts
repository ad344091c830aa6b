/** As the API spells it, one member named by the type: `{"S": "…"}`, `{"N": "1"}`, `{"B": "<base64>"}`. */
export type AttributeValue = Record<string, unknown>;

/** An item, or its key, by attribute name. */
export type Item = Record<string, AttributeValue>;

/** Whether two items hold the same. The order of a set's elements says nothing. */
export function sameItem(one: Item | undefined, other: Item | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameValue(one[name]!, other[name]!))
  );
}

function sameValue(one: AttributeValue, other: AttributeValue): boolean {
  const [type, value] = typed(one);
  const [otherType, otherValue] = typed(other);
  if (type !== otherType) return false;
  if (type === 'M') return sameItem(value as Item, otherValue as Item);
  if (!Array.isArray(value) || !Array.isArray(otherValue)) return value === otherValue;
  if (value.length !== otherValue.length) return false;
  if (type === 'L') {
    return value.every((element, i) =>
      sameValue(element as AttributeValue, otherValue[i] as AttributeValue),
    );
  }
  const elements = new Set<unknown>(otherValue);
  return value.every((element) => elements.has(element));
}

/** A value's type and what it holds. */
export function typed(value: AttributeValue): [string, unknown] {
  const [entry] = Object.entries(value);
  if (entry === undefined) throw new TypeError('An attribute value without a type.');
  return entry;
}
