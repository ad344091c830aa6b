import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Alarm, AlarmMetric, StateReason } from '../alarm';

/** What was found out about an alarm, in lines for a person; no values of records but ids. */
export interface Evidence {
  /** For the subject, in a few words: `3 dead letters`. */
  headline: string;
  /** How much it is, which objects and rows, and why. */
  facts: string[];
  /** Where the data is now. */
  whereabouts: string[];
  /** Commands that show more. */
  show: string[];
  /** Commands that have it done again. */
  replay: string[];
  /** What to know once the alarm is OK again. */
  afterwards: string;
  /** The same as long as nothing has changed that a person would want to hear of. */
  mark: string;
}

/** What the evidence is of. */
export interface Case {
  alarm: Alarm;
  metric: AlarmMetric;
  reason: StateReason;
  /** When the alarm went into ALARM; milliseconds since the epoch. */
  began: number;
  /** Earlier than what raised it. */
  since: number;
}

/** Where to look. */
export interface Sources {
  s3: S3Client;
  sqs: SQSClient;
  curatedBucket: string;
  stage: string;
  /** Ends the looking. */
  signal: AbortSignal;
}

/** Finds out what is behind an alarm of one kind. Throws where it cannot look. */
export type FindEvidence = (found: Case, sources: Sources) => Promise<Evidence>;

/** How many objects, messages or checks an alert names; of the others it says how many there are. */
export const SHOWN = 5;

/** At most `SHOWN` lines, with how many more there are of `total`. */
export function firstOf(lines: readonly string[], total: number): string[] {
  const shown = lines.slice(0, SHOWN);
  return total > shown.length ? [...shown, `… and ${total - shown.length} more`] : shown;
}

/** `1 message`, `3 messages`, `1,204 messages`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}

/** `2026-03-01 18:05:40 UTC`, of milliseconds since the epoch. */
export function utc(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
