import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freshStateDir } from '../support/state-dir';
import { openJumpingClock } from './jumping-clock';

const T0 = Date.parse('2026-03-02T06:00:00Z');
const HOUR = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = freshStateDir();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the clock that jumps', () => {
  it('is at the next timer as soon as nothing goes on, and no further than it may', async () => {
    const clock = openJumpingClock(join(folder, 'time'), T0, () => false);
    const rang: number[] = [];
    clock.schedule(() => rang.push(clock.now()), HOUR);
    clock.schedule(() => rang.push(clock.now()), 3 * HOUR);
    await clock.runUntil(T0 + 2 * HOUR);
    expect(rang).toEqual([T0 + HOUR]);
    expect(clock.now()).toBeGreaterThanOrEqual(T0 + 2 * HOUR);
    expect(clock.now()).toBeLessThan(T0 + 3 * HOUR);
    clock.close();
  });

  it('runs with real time while something goes on', async () => {
    let busy = true;
    const clock = openJumpingClock(join(folder, 'time'), T0, () => busy);
    const there = clock.runUntil(T0 + HOUR);
    await new Promise<void>((resolve) => clock.schedule(resolve, 50));
    expect(clock.now()).toBeLessThan(T0 + HOUR);
    busy = false;
    await there;
    expect(clock.now()).toBeGreaterThanOrEqual(T0 + HOUR);
    clock.close();
  });

  it('goes on from where the last process was', async () => {
    const clock = openJumpingClock(join(folder, 'time'), T0, () => false);
    await clock.runUntil(T0 + HOUR);
    clock.close();
    const next = openJumpingClock(join(folder, 'time'), T0, () => false);
    expect(next.now()).toBeGreaterThanOrEqual(T0 + HOUR);
    next.close();
  });
});
