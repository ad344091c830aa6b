import { closeAll, openHarness, START } from './harness';

const HOUR = 3_600_000;
const CODE = `
const loaded = Date.now();
const captured = Date.now;
exports.handler = async (event, context) => ({
  loaded,
  now: Date.now(),
  captured: captured(),
  made: new Date().getTime(),
  text: new Date(Date()).getTime(),
  given: new Date(0).toISOString(),
  utc: Date.UTC(2026, 0, 1),
  isDate: new Date() instanceof Date,
  left: context.getRemainingTimeInMillis(),
});`;

interface Told {
  loaded: number;
  now: number;
  captured: number;
  made: number;
  text: number;
  given: string;
  utc: number;
  isDate: boolean;
  left: number;
}

afterEach(closeAll);

describe('the time that a function tells', () => {
  it('is that of the local AWS from when its code loads, and again with each invocation', async () => {
    const { lambda, create, clock } = await openHarness();
    create(CODE);
    const first = (await lambda.invoke('fn', {})).payload as Told;
    clock.advance(HOUR);
    const second = (await lambda.invoke('fn', {})).payload as Told;
    expect(Math.floor(first.loaded / HOUR)).toBe(Math.floor(START / HOUR));
    for (const [told, from] of [
      [first, START],
      [second, START + HOUR],
    ] as const) {
      for (const time of [told.now, told.captured, told.made]) {
        expect(time).toBeGreaterThanOrEqual(from);
        expect(time).toBeLessThan(from + 60_000);
      }
    }
  });

  it('is a Date like any other', async () => {
    const { lambda, create } = await openHarness();
    create(CODE);
    const told = (await lambda.invoke('fn', {})).payload as Told;
    expect(told).toMatchObject({
      given: '1970-01-01T00:00:00.000Z',
      utc: Date.UTC(2026, 0, 1),
      isDate: true,
    });
    expect(Math.abs(told.text - START)).toBeLessThan(60_000);
  });

  it('leaves it the time that it has', async () => {
    const { lambda, create } = await openHarness();
    create(CODE, { timeoutSeconds: 3 });
    const { left } = (await lambda.invoke('fn', {})).payload as Told;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(3000);
  });
});
