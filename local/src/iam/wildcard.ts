/**
 * Whether `text` matches `pattern`, in which `*` stands for any run of characters and `?` for any
 * one. Only the last `*` is ever retried, so the time is at most the product of both lengths:
 * a policy cannot make the matching explode as a backtracking regular expression could.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let lastStar = -1;
  let retryFrom = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      lastStar = p;
      retryFrom = t;
      p += 1;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (lastStar >= 0) {
      retryFrom += 1;
      t = retryFrom;
      p = lastStar + 1;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
