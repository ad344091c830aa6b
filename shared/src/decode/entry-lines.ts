import { grown } from '../parquet/grown';

/** On which line of an object each entry of an index stands. */
export interface EntryLines {
  /**
   * Adds those of the first `rows` rows that are not `bad` as entries, in their order; `lines` is where each
   * row stands. The first entry is 0.
   */
  add(rows: number, lines: Uint32Array, bad: Uint8Array): void;
  /** Of an entry that was added. */
  lineOf(entry: number): number;
  clear(): void;
}

/**
 * Entries mostly stand on one line after another, or all on the same. So runs of them are kept: the
 * first entry, its line, and by how much the line of each is behind that of the one before.
 */
export function createEntryLines(): EntryLines {
  let firsts = new Uint32Array(0);
  let lines = new Uint32Array(0);
  let steps = new Uint32Array(0);
  let runs = 0;
  let size = 0;
  /** Where the next entry stands, if it is of the last run. */
  let next = 0;

  function begin(entry: number, line: number): void {
    firsts = grown(firsts, runs + 1);
    lines = grown(lines, runs + 1);
    steps = grown(steps, runs + 1);
    firsts[runs] = entry;
    lines[runs] = line;
    steps[runs++] = 1;
  }

  /** Takes an entry that does not stand where the last run goes on. */
  function turn(entry: number, line: number): void {
    const last = runs - 1;
    if (runs > 0 && entry - firsts[last]! === 1 && line === lines[last]) steps[last] = 0;
    else begin(entry, line);
  }

  return {
    add(rows, rowLines, bad) {
      // There is a row for each turn of this loop, so that all it needs is at hand.
      let entry = size;
      let expected = next;
      let step = runs > 0 ? steps[runs - 1]! : 1;
      for (let row = 0; row < rows; row++) {
        if (bad[row] !== 0) continue;
        const line = rowLines[row]!;
        if (line !== expected || runs === 0) {
          turn(entry, line);
          step = steps[runs - 1]!;
        }
        expected = line + step;
        entry++;
      }
      size = entry;
      next = expected;
    },
    lineOf(entry) {
      let [low, high] = [0, runs];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (firsts[middle]! <= entry) low = middle;
        else high = middle;
      }
      return lines[low]! + (entry - firsts[low]!) * steps[low]!;
    },
    clear() {
      runs = 0;
      size = 0;
    },
  };
}
