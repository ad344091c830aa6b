/** The JSON of a valid transaction. */
export function sale(id: number | string, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    transaction_id: `t-${id}`,
    timestamp: '2026-03-01T22:15:30.250Z',
    customer_id: 'C00001',
    product_id: 'P0001',
    product_name: 'Desk lamp',
    category: 'Home',
    quantity: 3,
    price: 19.99,
    total_amount: 59.97,
    ...change,
  });
}

/** Lines of JSON. */
export function lines(...records: string[]): string {
  return records.map((record) => `${record}\n`).join('');
}

/** A time on a day of March 2026. */
export function onDay(day: number): { timestamp: string } {
  return { timestamp: `2026-03-${String(day).padStart(2, '0')}T12:00:00Z` };
}
