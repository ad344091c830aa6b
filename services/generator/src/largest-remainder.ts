/**
 * Shares a whole number out by weight, exactly: each gets its quota rounded down, and what is left
 * goes, one each, to the largest remainders, the earlier first where they are equal.
 * https://en.wikipedia.org/wiki/Largest_remainders_method
 * @param weights whole numbers of at least 0, not all 0.
 */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  // total × weight does not fit a double.
  const quotas = weights.map((weight, index) => {
    const product = BigInt(total) * BigInt(weight);
    return { index, share: Number(product / sum), remainder: product % sum };
  });
  const shares = quotas.map(({ share }) => share);
  let left = total - shares.reduce((sum, share) => sum + share, 0);
  quotas.sort((a, b) => (a.remainder < b.remainder ? 1 : a.remainder > b.remainder ? -1 : 0));
  for (const { index } of quotas) {
    if (left === 0) break;
    shares[index] = (shares[index] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}
