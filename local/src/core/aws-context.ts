import type { Faults } from '../faults/faults';
import type { Clock } from './clock';

/** One thing that happened, for the person who watches `npm start`. */
export interface Activity {
  service:
    | 's3'
    | 'sqs'
    | 'events'
    | 'lambda'
    | 'sts'
    | 'cloudformation'
    | 'dynamodb'
    | 'kinesis'
    | 'pipes'
    | 'firehose'
    | 'glue'
    | 'athena'
    | 'sns'
    | 'cloudwatch'
    | 'secretsmanager'
    | 'faults';
  /** What happened in two or three words, such as `object created` or `invocation failed`. */
  what: string;
  /** To what: an S3 URI, a function's or a queue's name. */
  subject: string;
  /** The rest of the line: sizes, durations, reasons. */
  detail?: string;
  level: 'debug' | 'info' | 'warn' | 'error';
}

/** What every emulated service is given. */
export interface AwsContext {
  accountId: string;
  region: string;
  clock: Clock;
  /** The folder under which each service keeps its state in a folder of its own. */
  stateDir: string;
  /** Where this local AWS is reached, such as `http://127.0.0.1:4566`. Known once it listens. */
  endpoint(): string;
  /** Tells the person watching. */
  tell(activity: Activity): void;
  /**
   * Throws `AccessDenied` where the caller is a function whose role does not allow `action`
   * (`s3:PutObject`) on the resource `arn`. A caller who is no function (a person with any
   * credentials) may do everything.
   */
  authorize(accessKeyId: string | undefined, action: string, arn: string): void;
  /** What goes wrong on purpose; undefined where nothing ever does. */
  faults?: Faults;
}
