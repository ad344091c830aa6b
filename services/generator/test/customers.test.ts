import { toJsonLine } from '@saleslake/shared/contract/json-line';
import { formatDate, parseDate } from '@saleslake/shared/contract/timestamp';
import { validateRow } from '@saleslake/shared/contract/validate-row';
import { AGE_GROUPS, customers, type Customer } from '@saleslake/shared/tables/customers';
import { CUSTOMERS_AS_OF, createCustomers } from '../src/customers';
import { salesOf } from '../src/sales';
import { openShop } from '../src/shop';

const rows = createCustomers('saleslake');

function idsOf(of: readonly Customer[]): string[] {
  return of.map(({ customer_id }) => customer_id);
}

describe('createCustomers', () => {
  it('makes 500, each valid', () => {
    const read = rows.map((row) => validateRow(customers, JSON.parse(toJsonLine(customers, row))));
    expect(read).toEqual(rows.map((row) => ({ ok: true, row })));
    expect(rows).toHaveLength(500);
  });

  it('gives each an id of its own', () => {
    expect(new Set(idsOf(rows)).size).toBe(500);
  });

  it('makes the same ones of the same seed', () => {
    expect(createCustomers('saleslake')).toEqual(rows);
  });

  it('makes people of the same ids of another seed, others of whom are active', () => {
    const others = idsOf(createCustomers('other'));
    expect([...others].sort()).toEqual(idsOf(rows).sort());
    expect(others).not.toEqual(idsOf(rows));
  });

  it.each(['saleslake', 'other'])('knows everybody who buys, with seed %s', (seed) => {
    const period = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 9) };
    const known = new Set(idsOf(rows));
    const buyers = [...salesOf(openShop(seed), ['week'], period, 5000)];
    expect(buyers.filter(({ customer_id }) => !known.has(customer_id))).toEqual([]);
  });

  it('has people of every age group', () => {
    expect(new Set(rows.map((row) => row.age_group))).toEqual(new Set(AGE_GROUPS));
  });

  it('puts those who buy most into the highest tiers', () => {
    const tiers = rows.map((row) => row.membership_tier);
    const [platinum, gold, silver] = ['platinum', 'gold', 'silver'].map((t) =>
      tiers.lastIndexOf(t),
    );
    expect([platinum, gold, silver, tiers.lastIndexOf('bronze')]).toEqual([24, 99, 249, 499]);
  });

  it('signs them up over some years, the last before the day that they are as of', () => {
    const days = rows.map((row) => row.signup_date);
    expect(Math.max(...days)).toBeLessThan(parseDate(CUSTOMERS_AS_OF) ?? 0);
    const years = new Set(days.map((day) => formatDate(day).slice(0, 4)));
    expect([...years].sort()).toEqual(['2021', '2022', '2023', '2024', '2025']);
  });
});
