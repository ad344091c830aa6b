import pc from 'picocolors';
import type { Activity } from '../core/aws-context';

const COLOUR: Record<Activity['level'], (text: string) => string> = {
  debug: pc.dim,
  info: (text) => text,
  warn: pc.yellow,
  error: pc.red,
};

/** One line for one thing that happened: `09:31:02 s3     object created  s3://… 24.1 kB`. */
export function activityLine(activity: Activity, at: Date): string {
  const { service, what, subject, detail = '', level } = activity;
  const time = pc.dim(at.toISOString().slice(11, 19));
  const colour = COLOUR[level];
  return `${time} ${service.padEnd(7)} ${colour(what.padEnd(20))} ${subject} ${pc.dim(detail)}`.trimEnd();
}
