/** The time of an event: ISO 8601 in UTC to the second, from milliseconds since the epoch. */
export function eventTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
