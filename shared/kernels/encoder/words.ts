import { DISTINCT, INPUT, LAST_PAGES, OFFSETS, OUTPUT } from './memory';

/** Notes that a page has met the words of `count` codes. */
export function meetWords(count: i32, page: i32): void {
  for (let at = INPUT; at < INPUT + (count << 2); at += 4) {
    store<i32>(LAST_PAGES + (load<u32>(at) << 2), page);
  }
}

/**
 * Turns `count` codes to new ones in order of appearance, where `size` words have one already: it is at
 * LAST_PAGES, counted from 1, and 0 of all others. Puts the old codes of those that get one at OFFSETS.
 * @returns how many have one then.
 */
export function renumberWords(count: i32, size: i32): i32 {
  let known = size;
  for (let i = 0; i < count << 2; i += 4) {
    const code = load<u32>(INPUT + i);
    const slot = LAST_PAGES + (code << 2);
    const newCode = load<i32>(slot);
    // Which words are new is not to be foreseen: without a branch, that costs nothing.
    const isNew = newCode == 0;
    store<u32>(OFFSETS + ((known - size) << 2), code);
    known = select<i32>(known + 1, known, isNew);
    const given = select<i32>(known, newCode, isNew);
    store<i32>(slot, given);
    store<i32>(OUTPUT + i, given - 1);
  }
  return known;
}

/**
 * Leaves the `count` texts whose numbers stand at DISTINCT, of those that were given, one behind another,
 * and at LAST_PAGES where each of them ends.
 */
export function pickTexts(count: i32): void {
  const origin = INPUT - load<u32>(OFFSETS);
  let to = OUTPUT;
  for (let i = 0; i < count << 2; i += 4) {
    const text = OFFSETS + (load<u32>(DISTINCT + i) << 2);
    const start = load<u32>(text);
    const length = load<u32>(text, 4) - start;
    // What comes next overwrites the bytes that are too many.
    for (let at: u32 = 0; at < length; at += 16) {
      v128.store(to + at, v128.load(origin + start + at));
    }
    to += length;
    store<u32>(LAST_PAGES + i, to - OUTPUT);
  }
}
