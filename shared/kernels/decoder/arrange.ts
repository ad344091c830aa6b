// Each of these puts, for `count` rows, what stands for row rows[i] at place places[i]. `from` is where
// row 0 would stand, of which only some rows are there.

/** Numbers: places first … first + room stand at `into`, and others are left out. */
function arrange<T>(
  from: usize,
  rows: usize,
  places: usize,
  count: i32,
  into: usize,
  first: u32,
  room: u32,
): void {
  for (let i = 0; i < count << 2; i += 4) {
    const place = load<u32>(places + i) - first;
    if (place >= room) continue;
    store<T>(into + place * sizeof<T>(), load<T>(from + load<u32>(rows + i) * sizeof<T>()));
  }
}

/** Numbers of 32 bits. */
export function arrange32(
  from: usize,
  rows: usize,
  places: usize,
  count: i32,
  into: usize,
  first: u32,
  room: u32,
): void {
  arrange<u32>(from, rows, places, count, into, first, room);
}

/** Numbers of 64 bits. */
export function arrange64(
  from: usize,
  rows: usize,
  places: usize,
  count: i32,
  into: usize,
  first: u32,
  room: u32,
): void {
  arrange<u64>(from, rows, places, count, into, first, room);
}

/** The same of the lengths of texts, where `from` has where each begins and the next does. */
export function arrangeLengths(
  from: usize,
  rows: usize,
  places: usize,
  count: i32,
  into: usize,
  first: u32,
  room: u32,
): void {
  for (let i = 0; i < count << 2; i += 4) {
    const place = load<u32>(places + i) - first;
    if (place < room) {
      const offset = from + (load<u32>(rows + i) << 2);
      store<u32>(into + (place << 2), load<u32>(offset, 4) - load<u32>(offset));
    }
  }
}

/** The same of texts, which are to stand where `newOffsets` tells of each place. */
export function arrangeTexts(
  from: usize,
  offsets: usize,
  rows: usize,
  places: usize,
  count: i32,
  into: usize,
  newOffsets: usize,
): void {
  for (let i = 0; i < count << 2; i += 4) {
    const offset = offsets + (load<u32>(rows + i) << 2);
    const start = load<u32>(offset);
    const to = into + load<u32>(newOffsets + (load<u32>(places + i) << 2));
    move(from + start, to, load<u32>(offset, 4) - start);
  }
}

/** Copies so many bytes, and no more: what stands behind may be there already. */
function move(from: usize, to: usize, length: usize): void {
  if (length >= 16) {
    const last = length - 16;
    for (let at: usize = 0; at < last; at += 16) v128.store(to + at, v128.load(from + at));
    v128.store(to + last, v128.load(from + last));
  } else if (length >= 8) {
    const last = length - 8;
    const end = load<u64>(from + last);
    store<u64>(to, load<u64>(from));
    store<u64>(to + last, end);
  } else {
    for (let at: usize = 0; at < length; at++) store<u8>(to + at, load<u8>(from + at));
  }
}
