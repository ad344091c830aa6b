import { DISTINCT, INPUT, MOST_DISTINCT, OUTPUT, SLOTS, SLOT_BITS } from './memory';

/**
 * Turns `count` i32 to codes in order of appearance, where the first `size` numbers at DISTINCT have one
 * already.
 * @returns how many have one then, and MOST_DISTINCT + 1 where it gave up.
 */
export function lookUpInts(count: i32, size: i32): i32 {
  return lookUp<i32>(count, size);
}

/** The same of whole numbers in f64. */
export function lookUpDoubles(count: i32, size: i32): i32 {
  return lookUp<f64>(count, size);
}

/** By open addressing, at most half full: a slot holds a code, counted from 1. */
function lookUp<T>(count: i32, size: i32): i32 {
  if (size == 0) memory.fill(SLOTS, 0, 2 << SLOT_BITS);
  let known = size;
  for (let i = 0; i < count; i++) {
    const value = load<T>(INPUT + i * sizeof<T>());
    let slot = <u32>((<u64>(<i64>value) * 0x9e3779b97f4a7c15) >> (64 - SLOT_BITS));
    let code: i32 = load<u16>(SLOTS + (slot << 1));
    while (code != 0 && load<T>(DISTINCT + (code - 1) * sizeof<T>()) != value) {
      slot = (slot + 1) & ((1 << SLOT_BITS) - 1);
      code = load<u16>(SLOTS + (slot << 1));
    }
    if (code == 0) {
      if (known == MOST_DISTINCT) return MOST_DISTINCT + 1;
      store<T>(DISTINCT + known * sizeof<T>(), value);
      code = ++known;
      store<u16>(SLOTS + (slot << 1), <u16>code);
    }
    store<i32>(OUTPUT + (i << 2), code - 1);
  }
  return known;
}
