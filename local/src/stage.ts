import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { bucketNames, clientConfig, LOCAL_STAGE } from './local-names';

/** A stage of the lake, on the laptop or in AWS: how its services are reached, and its names. */
export interface Stage {
  name: string;
  /** What every SDK client of it is made with; nothing in AWS, where the environment says all. */
  clientConfig: Partial<ReturnType<typeof clientConfig>>;
  s3: S3Client;
  /** Names of buckets. */
  raw: string;
  curated: string;
  /** What the names of queues, streams and tables begin with. */
  prefix: string;
  /** Of Athena. */
  database: string;
  workgroup: string;
}

/** The stage `local` at the endpoint of its local AWS. */
export function localStage(endpoint: string): Stage {
  return stageOf(LOCAL_STAGE, clientConfig(endpoint));
}

/**
 * Any other stage, in the account and region that the environment's AWS configuration names.
 * @throws SaleslakeError in plain words where there are no credentials, or no such stage.
 */
export async function awsStage(name: string): Promise<Stage> {
  if (!/^[a-z0-9]+$/.test(name)) {
    throw new SaleslakeError(
      'NoSuchStage',
      `${JSON.stringify(name)} is no stage's name; expected lower-case letters and digits.`,
    );
  }
  // Only here: most commands ask a laptop, which has one account.
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  try {
    const sts = new STSClient();
    const { Account: account = '' } = await sts.send(new GetCallerIdentityCommand());
    const stage = stageOf(name, {}, account);
    await checkExists(stage, account, await sts.config.region());
    return stage;
  } catch (error) {
    throw inPlainWords(error) ?? error;
  }
}

/** The naming convention of services/common.yml. */
function stageOf(name: string, config: Stage['clientConfig'], account?: string): Stage {
  const { raw, curated } = bucketNames(name, account);
  const endpoint = config.endpoint ?? process.env['AWS_ENDPOINT_URL'];
  return {
    name,
    clientConfig: config,
    // An endpoint of one's own has no virtual-hosted bucket names.
    s3: new S3Client({ ...config, forcePathStyle: endpoint !== undefined }),
    raw,
    curated,
    prefix: `saleslake-${name}-`,
    database: `saleslake_${name}`,
    workgroup: `saleslake-${name}`,
  };
}

async function checkExists(stage: Stage, account: string, region: string): Promise<void> {
  try {
    await stage.s3.send(new HeadBucketCommand({ Bucket: stage.curated }));
  } catch (error) {
    // A bucket of another region answers with a redirect.
    if (!(error instanceof Error) || !['NotFound', '301'].includes(error.name)) throw error;
    throw new SaleslakeError(
      'NoSuchStage',
      `There is no stage ${stage.name} in ${region} of account ${account}: ` +
        `it has no bucket ${stage.curated}.`,
    );
  }
}

const NO_CREDENTIALS = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];

function inPlainWords(error: unknown): SaleslakeError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (NO_CREDENTIALS.includes(error.name)) {
    return new SaleslakeError(
      'NoCredentials',
      `AWS is given no valid credentials: ${error.message}. Set AWS_PROFILE, or ` +
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      { cause: error },
    );
  }
  if (/region is missing/i.test(error.message)) {
    return new SaleslakeError('NoRegion', 'AWS is given no region: set AWS_REGION.', {
      cause: error,
    });
  }
  return undefined;
}
