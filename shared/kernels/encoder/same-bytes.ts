/** How many bytes before two places are the same: all where it is `most` or more. */
export function sameBefore(one: usize, other: usize, most: usize): usize {
  let bytes: usize = 0;
  let differences = 0;
  do {
    bytes += 16;
    differences = differenceBits(one - bytes, other - bytes);
  } while (differences == 0 && bytes < most);
  return bytes - 16 + <usize>clz((differences << 16) | 0x8000);
}

/** The same of the bytes behind. */
export function sameBehind(one: usize, other: usize, most: usize): usize {
  let bytes: usize = 0;
  let differences = 0;
  do {
    differences = differenceBits(one + bytes, other + bytes);
    bytes += 16;
  } while (differences == 0 && bytes < most);
  return bytes - 16 + <usize>ctz(differences | 0x10000);
}

/** Of sixteen bytes a bit for each that differs. */
function differenceBits(one: usize, other: usize): i32 {
  return i8x16.bitmask(i8x16.ne(v128.load(one), v128.load(other)));
}
