import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import { clientConfig, LOCAL_STAGE } from '../local-names';

/** Where statements are run: a stage's database and workgroup, on the laptop or in AWS. */
export interface QueryTarget {
  athena: AthenaClient;
  s3: S3Client;
  database: string;
  workgroup: string;
  stage: string;
}

/** The stage `local` at the endpoint of its local AWS. */
export function localTarget(endpoint: string): QueryTarget {
  const config = clientConfig(endpoint);
  return {
    athena: new AthenaClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    ...namesOf(LOCAL_STAGE),
  };
}

/** Any other stage, in the account and region that the environment's AWS configuration names. */
export function awsTarget(stage: string): QueryTarget {
  return { athena: new AthenaClient(), s3: new S3Client(), ...namesOf(stage) };
}

/** The naming convention of services/common.yml. */
function namesOf(stage: string): Pick<QueryTarget, 'database' | 'workgroup' | 'stage'> {
  return { database: `saleslake_${stage}`, workgroup: `saleslake-${stage}`, stage };
}
