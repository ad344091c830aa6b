import { grown } from '../parquet/grown';

/** On which line of an object each entry of an index stands. */
export interface EntryLines {
  /** Entries are added in their order, from 0 on. */
  add(entry: number, line: number): void;
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
  /** Where the next entry stands, if it is of the last run, which has this step. */
  let next = 0;
  let step = 1;

  function begin(entry: number, line: number): void {
    firsts = grown(firsts, runs + 1);
    lines = grown(lines, runs + 1);
    steps = grown(steps, runs + 1);
    firsts[runs] = entry;
    lines[runs] = line;
    step = 1;
    steps[runs++] = step;
  }

  return {
    add(entry, line) {
      if (line !== next || runs === 0) {
        if (runs > 0 && entry - firsts[runs - 1]! === 1 && line === lines[runs - 1]) {
          step = 0;
          steps[runs - 1] = step;
        } else begin(entry, line);
      }
      next = line + step;
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
    },
  };
}
