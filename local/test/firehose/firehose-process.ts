/**
 * The local Firehose in a process of its own, for tests that kill it: `sales`, which delivers at
 * once. Writes its endpoint to standard output once it listens. Arguments: the state folder.
 */
import { openLocalFirehose, ROLE, type Options } from './local-firehose';

/** Fails the records that begin with `x`. */
const FAIL_SOME = `exports.handler = async ({ records }) => ({
  records: records.map(({ recordId, data }) => ({ recordId, data,
    result: Buffer.from(data, 'base64').toString().startsWith('x') ? 'ProcessingFailed' : 'Ok' })),
});`;

export const DELIVERED_AT_ONCE: Options = {
  transformer: FAIL_SOME,
  lambda: { bufferIntervalSeconds: 0 },
  destination: {
    bufferIntervalSeconds: 0,
    backup: {
      bucketArn: 'arn:aws:s3:::backup',
      roleArn: ROLE,
      prefix: 'source/',
      errorOutputPrefix: '',
      compression: 'UNCOMPRESSED',
      bufferSizeMb: 5,
      bufferIntervalSeconds: 0,
    },
  },
};

const ANSWER_AFTER_MS = 20;

/** S3 has an object for a while before it says so: kills often come between. */
const slowToAnswer: Options['intercept'] = ({ method }, response) => {
  if (method !== 'PUT') return false;
  const end = response.end.bind(response) as () => void;
  response.end = () => {
    setTimeout(end, ANSWER_AFTER_MS);
    return response;
  };
  return false;
};

async function main([stateDir]: string[]): Promise<void> {
  const { endpoint } = await openLocalFirehose({
    ...DELIVERED_AT_ONCE,
    stateDir,
    intercept: slowToAnswer,
  });
  process.stdout.write(`${endpoint}\n`);
}

if (require.main === module) void main(process.argv.slice(2));
