import { randomStream, shuffled } from './random';

const CUSTOMERS = 500;

/** The ids of all customers, the most active first; the seed decides who that is. */
export function createCustomers(seed: string): string[] {
  const ids = Array.from({ length: CUSTOMERS }, (_, i) => `C${String(i + 1).padStart(5, '0')}`);
  return shuffled(randomStream(seed, 'customers'), ids);
}
