import { INPUT, LAST_PAGES } from './memory';

/** Notes that a page has met the words of `count` codes. */
export function meetWords(count: i32, page: i32): void {
  for (let at = INPUT; at < INPUT + (count << 2); at += 4) {
    store<i32>(LAST_PAGES + (load<u32>(at) << 2), page);
  }
}
