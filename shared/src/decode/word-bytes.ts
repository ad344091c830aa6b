/**
 * Eight times the number of bytes, of four in a word, before the first whose top bit is set in
 * `found`; it must not be 0.
 */
export function bitsBefore(found: number): number {
  return 24 - Math.clz32(found & -found);
}
