import type { Activity } from '../core/aws-context';
import { colours } from './terminal';

const COLOUR: Record<Activity['level'], (text: string) => string> = {
  debug: colours.dim,
  info: (text) => text,
  warn: colours.yellow,
  error: colours.red,
};

/** One line for one thing that happened: `09:31:02 s3     object created  s3://… 24.1 kB`. */
export function activityLine(activity: Activity, at: Date): string {
  const { service, what, subject, detail = '', level } = activity;
  const time = colours.dim(at.toISOString().slice(11, 19));
  const colour = COLOUR[level];
  return `${time} ${service.padEnd(7)} ${colour(what.padEnd(20))} ${subject} ${colours.dim(detail)}`.trimEnd();
}
