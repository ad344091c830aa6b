import { grown } from '../parquet/grown';

/** On which line of an object each entry of an index stands. */
export interface EntryLines {
  /** Adds entries behind those before, the first of which is 0: `count` on one line after another. */
  add(line: number, count: number): void;
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
  /** Where the next entry stands, if it is of the last run, which has this step. */
  let next = 0;
  let step = 1;

  function begin(line: number): void {
    firsts = grown(firsts, runs + 1);
    lines = grown(lines, runs + 1);
    steps = grown(steps, runs + 1);
    firsts[runs] = size;
    lines[runs] = line;
    step = 1;
    steps[runs++] = step;
  }

  /** Whether an entry is on the same line as the one before it, with which a run begins. */
  const isSecondOf = (line: number): boolean =>
    runs > 0 && size - firsts[runs - 1]! === 1 && line === lines[runs - 1];

  return {
    add(line, count) {
      if (runs === 0 || line !== next || (step === 0 && count > 1)) {
        if (count === 1 && isSecondOf(line)) steps[runs - 1] = step = 0;
        else begin(line);
      }
      size += count;
      next = line + step * count;
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
