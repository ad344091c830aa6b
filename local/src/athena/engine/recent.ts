import { createHash } from 'node:crypto';

/** What was made of some texts, the least recently used forgotten first. */
export interface Recent<T> {
  /** What `make` returned for the same texts before, or returns now. What rejects is not kept. */
  of(texts: readonly string[], make: () => Promise<T>): Promise<T>;
}

export function openRecent<T>(most: number): Recent<T> {
  const known = new Map<string, T>();
  return {
    async of(texts, make) {
      const key = createHash('sha256').update(JSON.stringify(texts)).digest('base64');
      const found = known.get(key);
      const value = found ?? (await make());
      known.delete(key);
      known.set(key, value);
      if (known.size > most) known.delete([...known.keys()][0] ?? '');
      return value;
    },
  };
}
