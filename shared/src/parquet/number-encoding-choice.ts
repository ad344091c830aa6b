const SAMPLED_RUNS = 16;
const RUN = 32;
const SAMPLED_VALUES = 1024;

// DELTA_BINARY_PACKED takes about seven bytes for each block of 128 values besides their bits.
const BLOCK_BITS = 0.45;
const PAGE_BITS = 10 * 8;

/** Deltas of so few bits are not worth the time that looking for a dictionary takes. */
const FEW_BITS = 2;

export interface NumberEncodingEstimate {
  /** Bits a value as deltas, estimated on a sample. */
  deltaBits: number;
  /** Whether most parts of the sample have but one value each, as runs have. */
  hasRuns: boolean;
  /** How many of the sampled values are different. */
  distinct: number;
  /** Whether values repeat so much that a dictionary may be smaller. */
  tryDictionary: boolean;
}

// Encoding never waits in between, so every column of every file can use the same.
const MARK_BITS = 13;
const marks = new Uint8Array(1 << MARK_BITS);

/**
 * Estimates on short runs, spread evenly, how small deltas are, and on single values whether they
 * repeat.
 */
export function estimateNumberEncoding(
  values: Int32Array | Float64Array,
  count: number,
): NumberEncodingEstimate {
  const { bits, hasRuns } = sampledDeltas(values, count);
  const deltaBits = bits + BLOCK_BITS + PAGE_BITS / count;
  const sampled = Math.min(count, SAMPLED_VALUES);
  // Two that share a mark count as one: that is seldom, and it is but an estimate.
  marks.fill(0);
  let distinct = 0;
  // Value i * count / sampled, rounded down, without a division for each.
  const step = Math.floor(count / sampled);
  const more = count % sampled;
  for (let i = 0, at = 0, rest = 0; i < sampled; i++, at += step, rest += more) {
    if (rest >= sampled) {
      rest -= sampled;
      at++;
    }
    const value = values[at]!;
    const mark = Math.imul(value, 0x9e3779b1) >>> (32 - MARK_BITS);
    distinct += 1 - marks[mark]!;
    marks[mark] = 1;
  }
  const tryDictionary = deltaBits > FEW_BITS && distinct <= sampled * 0.75;
  return { deltaBits, hasRuns, distinct, tryDictionary };
}

function sampledDeltas(
  values: Int32Array | Float64Array,
  count: number,
): { bits: number; hasRuns: boolean } {
  const length = Math.min(RUN, count - 1);
  const runs = Math.min(SAMPLED_RUNS, Math.ceil(count / RUN));
  let bits = 0;
  let even = 0;
  for (let run = 0; run < runs; run++) {
    const from = Math.floor((run * (count - length)) / runs);
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let i = from + 1; i <= from + length && i < count; i++) {
      const delta = values[i]! - values[i - 1]!;
      minimum = Math.min(minimum, delta);
      maximum = Math.max(maximum, delta);
    }
    if (minimum >= 0 && maximum <= 0) even++;
    if (maximum > minimum) bits += Math.ceil(Math.log2(maximum - minimum + 1));
  }
  return { bits: bits / runs, hasRuns: even * 2 > runs };
}
