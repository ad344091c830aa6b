import { athenaResources } from './athena-resources';
import { cloudwatchResources } from './cloudwatch-resources';
import { dynamodbResources } from './dynamodb-resources';
import { eventsResources } from './events-resources';
import { firehoseResources } from './firehose-resources';
import { glueResources } from './glue-resources';
import { iamResources } from './iam-resources';
import { kinesisResources } from './kinesis-resources';
import { lambdaResources } from './lambda-resources';
import { pipesResources } from './pipes-resources';
import type { ResourceType } from './resource-type';
import { s3Resources } from './s3-resources';
import { snsResources } from './sns-resources';
import { sqsResources } from './sqs-resources';

/** Every resource type that the local AWS knows. */
export const resourceTypes: Record<string, ResourceType> = {
  ...athenaResources,
  ...cloudwatchResources,
  ...dynamodbResources,
  ...eventsResources,
  ...firehoseResources,
  ...glueResources,
  ...iamResources,
  ...kinesisResources,
  ...lambdaResources,
  ...pipesResources,
  ...s3Resources,
  ...snsResources,
  ...sqsResources,
};
