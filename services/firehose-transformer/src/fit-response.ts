import type { FirehoseTransformationResultRecord } from 'aws-lambda';

/**
 * As many bytes as a function may answer to a synchronous invocation, as Lambda's own error has it:
 * "Response payload size exceeded maximum allowed payload size (6291556 bytes)".
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const RESPONSE_BYTES = 6_291_556;

/**
 * As large as the answer for one record may be. Half of a response, so that it finds room beside a
 * batch of ordinary records whenever it comes again, and does not go round for ever.
 */
export const ANSWER_BYTES = Math.floor(RESPONSE_BYTES / 2);

const FRAME_BYTES = '{"records":[]}'.length;
const SHORT_BYTES = ',{"recordId":"","result":"ProcessingFailed"}'.length;
const OK_BYTES =
  ',{"recordId":"","result":"Ok","data":"","metadata":{"partitionKeys":{"year":"","month":"","day":""}}}'
    .length + 'YYYYMMDD'.length;

type Answer = FirehoseTransformationResultRecord;

/** What fits a response, by position in the batch. */
export interface Fit {
  /** Whose answers are too large by themselves. */
  tooLarge: number[];
  /** Whose answers find no room beside those before them: never all that are not too large. */
  noRoom: number[];
}

/** Decides which of a batch's good records a response has no room for. */
export function fitResponse(answers: readonly Answer[]): Fit {
  const tooLarge: number[] = [];
  const noRoom: number[] = [];
  // Every record is answered for at least shortly.
  let bytes = FRAME_BYTES;
  for (const answer of answers) bytes += shortBytes(answer);
  answers.forEach((answer, index) => {
    if (answer.result !== 'Ok') return;
    const own = okBytes(answer);
    const more = own - shortBytes(answer);
    if (own > ANSWER_BYTES) tooLarge.push(index);
    else if (bytes + more > RESPONSE_BYTES) noRoom.push(index);
    else bytes += more;
  });
  return { tooLarge, noRoom };
}

// All of it is ASCII: base64, digits and Firehose's own ids.
function shortBytes({ recordId }: Answer): number {
  return SHORT_BYTES + recordId.length;
}

function okBytes({ recordId, data = '' }: Answer): number {
  return OK_BYTES + recordId.length + data.length;
}
