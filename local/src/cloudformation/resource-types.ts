import { athenaResources } from './athena-resources';
import { cloudwatchResources } from './cloudwatch-resources';
import { eventsResources } from './events-resources';
import { glueResources } from './glue-resources';
import { iamResources } from './iam-resources';
import { lambdaResources } from './lambda-resources';
import type { ResourceType } from './resource-type';
import { s3Resources } from './s3-resources';
import { sqsResources } from './sqs-resources';

/** Every resource type that the local AWS knows. */
export const resourceTypes: Record<string, ResourceType> = {
  ...athenaResources,
  ...cloudwatchResources,
  ...eventsResources,
  ...glueResources,
  ...iamResources,
  ...lambdaResources,
  ...s3Resources,
  ...sqsResources,
};
