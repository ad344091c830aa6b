import { AthenaClient } from '@aws-sdk/client-athena';
import type { S3Client } from '@aws-sdk/client-s3';
import { localStage, type Stage } from '../stage';

/** Where statements are run: a stage's database and workgroup, on the laptop or in AWS. */
export interface QueryTarget {
  athena: AthenaClient;
  s3: S3Client;
  database: string;
  workgroup: string;
  stage: string;
}

/** The Athena of a stage. */
export function queryTarget({ name, clientConfig, s3, database, workgroup }: Stage): QueryTarget {
  return { athena: new AthenaClient(clientConfig), s3, database, workgroup, stage: name };
}

/** The stage `local` at the endpoint of its local AWS. */
export function localTarget(endpoint: string): QueryTarget {
  return queryTarget(localStage(endpoint));
}
