import type { Clock } from '../core/clock';
import { DurableMap } from '../core/durable-map';
import { fileKey } from './file-key';
import { parseScheduleExpression, type NextTick } from './schedule-expression';

interface ScheduleState {
  ruleArn: string;
  expression: string;
  /** When the schedule came to be: what a rate counts from. Milliseconds since the epoch. */
  anchor: number;
  lastTick?: number;
}

interface Schedule {
  state: ScheduleState;
  nextTick: NextTick;
  cancel?: () => void;
}

export interface Schedules {
  /** Throws ValidationException where the expression is no schedule. */
  add(ruleArn: string, expression: string): void;
  start(): void;
  stop(): void;
}

/**
 * Calls `fire` at each tick of each schedule. That a tick is being fired is durable before `fire`
 * is called, so that a restart never fires it again. A tick that falls due while the process is
 * down is not made up for, and a rate keeps its phase.
 */
export function openSchedules(
  folder: string,
  clock: Clock,
  fire: (ruleArn: string, tick: number) => void,
): Schedules {
  const states = new DurableMap<ScheduleState>(folder);
  const schedules = new Map<string, Schedule>();
  let running = false;

  const armAfter = (schedule: Schedule, after: number): void => {
    const tick = schedule.nextTick(after);
    if (tick === undefined) return;
    schedule.cancel = clock.schedule(() => {
      schedule.state = { ...schedule.state, lastTick: tick };
      states.set(fileKey(schedule.state.ruleArn), schedule.state);
      fire(schedule.state.ruleArn, tick);
      // After this tick, not after now: a tick that a busy process is late for is fired late.
      if (running) armAfter(schedule, tick);
    }, tick - clock.now());
  };
  const arm = (schedule: Schedule): void =>
    armAfter(schedule, Math.max(clock.now(), schedule.state.lastTick ?? -Infinity));

  return {
    add(ruleArn, expression) {
      const key = fileKey(ruleArn);
      const known = states.get(key);
      const fresh = { ruleArn, expression, anchor: clock.now() };
      const state = known?.expression === expression ? known : fresh;
      const schedule = { state, nextTick: parseScheduleExpression(expression, state.anchor) };
      states.set(key, state);
      schedules.get(ruleArn)?.cancel?.();
      schedules.set(ruleArn, schedule);
      if (running) arm(schedule);
    },
    start() {
      running = true;
      for (const schedule of schedules.values()) arm(schedule);
    },
    stop() {
      running = false;
      for (const schedule of schedules.values()) schedule.cancel?.();
    },
  };
}

/**
 * The latest tick that was fired from this state folder, in milliseconds since the epoch; a clock
 * that runs faster than time must not start before it, or the schedules stand still until it
 * catches up.
 */
export function latestTick(folder: string): number | undefined {
  const ticks = new DurableMap<ScheduleState>(folder)
    .entries()
    .flatMap(([, state]) => state.lastTick ?? []);
  return ticks.length === 0 ? undefined : Math.max(...ticks);
}
