/** Which of two bags has something oftener, in words. */
export function compareBags(what: string, expected: string[], found: string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of expected) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const text of found) counts.set(text, (counts.get(text) ?? 0) - 1);
  return [...counts]
    .filter(([, count]) => count !== 0)
    .map(([text, count]) => `${what}: ${text} is ${count > 0 ? 'missing' : 'too much'}`);
}
