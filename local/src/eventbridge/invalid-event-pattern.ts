import { AwsError } from '../core/aws-error';

/** What AWS answers to PutRule where the pattern is no pattern; `reason` names what was wrong. */
export function invalidEventPattern(reason: string): AwsError {
  return new AwsError(
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: ${reason}`,
  );
}
