import { CODES, DISTINCT, INPUT, MOST_DISTINCT, OUTPUT } from './memory';

/**
 * Turns `count` i32, none of which is less than `least` or by MOST_CODES more, to codes in order of
 * appearance, where `size` numbers have one already.
 * @returns how many have one then, and MOST_DISTINCT + 1 where it gave up.
 */
export function lookUp(count: i32, least: i32, size: i32): i32 {
  const end = INPUT + (count << 2);
  let known = size;
  for (let at = INPUT, to = OUTPUT; at < end; at += 4, to += 4) {
    const offset = load<i32>(at) - least;
    const slot = CODES + (offset << 1);
    let code: i32 = load<u16>(slot);
    if (code == 0) {
      if (known == MOST_DISTINCT) return MOST_DISTINCT + 1;
      store<i32>(DISTINCT + (known << 2), offset);
      code = ++known;
      store<u16>(slot, <u16>code);
    }
    store<i32>(to, code - 1);
  }
  return known;
}

/** Forgets the first `size` codes. */
export function forget(size: i32): void {
  for (let at = DISTINCT; at < DISTINCT + (size << 2); at += 4) {
    store<u16>(CODES + (load<i32>(at) << 1), 0);
  }
}
