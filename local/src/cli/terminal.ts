import { createColors } from 'picocolors';

/** Colours on a terminal alone: never in a file, a pipe, or a CI's log. */
export const colours = createColors(
  Boolean(process.stdout.isTTY && process.stderr.isTTY) && !process.env['NO_COLOR'],
);

/** Answers go to standard output; progress and remarks to standard error, out of a pipe's way. */
export function answer(text: string): void {
  process.stdout.write(text);
}

export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

export interface Step {
  /** Replaces what is said of the step while it runs. */
  update(detail: string): void;
  /** Ends the step with what came of it. */
  done(detail: string): void;
}

/**
 * A step that a person waits for: on a terminal one line that is rewritten as it goes on, anywhere
 * else one line at its end.
 * @param silentMs nothing is said of a step that takes less
 */
export function step(title: string, silentMs = 0): Step {
  const begun = performance.now();
  const live = process.stderr.isTTY;
  const silent = (): boolean => performance.now() - begun < silentMs;
  const write = (mark: string, detail: string, end: string): void => {
    const line = `${mark} ${title.padEnd(34)} ${detail}`;
    process.stderr.write(live ? `\r\u001b[K${line}${end}` : `${line}${end}`);
  };
  if (live && !silent()) write(colours.dim('…'), '', '');
  return {
    update(detail) {
      if (live && !silent()) write(colours.dim('…'), colours.dim(detail), '');
    },
    done(detail) {
      if (silent()) return;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      write(colours.green('✓'), `${detail} ${colours.dim(`${seconds} s`)}`, '\n');
    },
  };
}

/** 12345 bytes as `12.3 kB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.95 && unit < units.length - 1);
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** 12345 as `12,345`, the same on every machine. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 row`, `2 rows`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** On one line, and of at most so many characters. */
export function cut(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** `2026-03-01 22:15:30`, UTC. */
export function moment(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** 5400000 ms as `90 min`: in the largest unit of which there are two. */
export function age(ms: number): string {
  const units: [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ];
  const [unit, length] = units.find(([, each]) => ms >= 2 * each) ?? ['s', 1000];
  return `${Math.max(0, Math.floor(ms / length))} ${unit}`;
}
