import { parseDate } from '@saleslake/shared/contract/timestamp';
import { AGE_GROUPS, type Customer } from '@saleslake/shared/tables/customers';
import { below, randomStream, shuffled } from '@saleslake/shared/synthetic/random';
import { weightedChoice } from './weighted-choice';

/** The customers are as they stood on this day: by then all had signed up. */
export const CUSTOMERS_AS_OF = '2026-01-01';

/** How many customers a tier has. The more they buy, the higher it is. */
const TIERS: readonly (readonly [tier: string, customers: number])[] = [
  ['platinum', 25],
  ['gold', 75],
  ['silver', 150],
  ['bronze', 250],
];
const TIER_OF_RANK = TIERS.flatMap(([tier, customers]) => Array<string>(customers).fill(tier));

const SIGNUP_DAYS = 5 * 365;

/** How often customers are of each age group. */
const chooseAgeGroup = weightedChoice([14, 24, 22, 18, 12, 10]);

/**
 * All customers, the most active first. The seed decides who that is, and everything about them
 * but their ids, which are the same for every seed.
 */
export function createCustomers(seed: string): Customer[] {
  const ids = TIER_OF_RANK.map((_, i) => `C${String(i + 1).padStart(5, '0')}`);
  const random = randomStream(seed, 'customer details');
  const asOf = parseDate(CUSTOMERS_AS_OF) as number;
  return shuffled(randomStream(seed, 'customers'), ids).map((customer_id, rank) => ({
    customer_id,
    age_group: AGE_GROUPS[chooseAgeGroup(random)] as string,
    membership_tier: TIER_OF_RANK[rank] as string,
    signup_date: asOf - 1 - below(random, SIGNUP_DAYS),
  }));
}
