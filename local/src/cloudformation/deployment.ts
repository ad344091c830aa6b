import type { DynamoDbTableConfig } from '../dynamodb/table-config';
import type { EventSourceMappingConfig } from '../event-source-mapping/event-source-mapping';
import type { DeliveryStreamConfig } from '../firehose/delivery-stream-config';
import type { PolicyDocument } from '../iam/iam';
import type { KinesisStreamConfig } from '../kinesis/stream-config';
import type { FunctionConfig } from '../lambda/lambda';
import type { RuleConfig } from '../eventbridge/rule';
import type { PipeConfig } from '../pipes/pipe-config';
import type { BucketConfig } from '../s3/s3';
import type { QueueConfig } from '../sqs/sqs';
import type { AlarmConfig } from '../cloudwatch/alarm-config';
import type { SubscriptionConfig, TopicConfig } from '../sns/topic-config';
import type { Catalog } from './catalog';

/** Where a function's code comes from: its zip, or the text of its `index.js`. */
export type FunctionCode = { zip: string } | { inline: string };

export interface PlannedFunction extends Omit<FunctionConfig, 'codeFolder'> {
  code: FunctionCode;
}

export interface PlannedEventSourceMapping extends EventSourceMappingConfig {
  where: string;
}

export interface PlannedRole {
  name: string;
  arn: string;
  policies: PolicyDocument[];
}

/** Leave for a service to invoke a function: AWS::Lambda::Permission. */
export interface InvokePermission {
  functionArn: string;
  principal: string;
  sourceArn?: string;
}

/** A resource-based policy: AWS::SQS::QueuePolicy. */
export interface QueuePolicy {
  queueUrls: string[];
  statements: PolicyStatement[];
}

/** A statement of a resource-based policy. */
export interface PolicyStatement {
  effect: string;
  principals: string[];
  actions: string[];
  resources: string[];
  sourceArns: string[];
}

/**
 * All that a set of stacks declares, every function of the templates evaluated: what remains is
 * to create it. Plain data, so that how templates are read is apart from what then runs.
 */
export interface Deployment {
  buckets: BucketConfig[];
  queues: QueueConfig[];
  functions: PlannedFunction[];
  rules: (RuleConfig & { where: string })[];
  roles: PlannedRole[];
  eventSourceMappings: PlannedEventSourceMapping[];
  invokePermissions: InvokePermission[];
  queuePolicies: QueuePolicy[];
  dynamoDbTables: DynamoDbTableConfig[];
  kinesisStreams: KinesisStreamConfig[];
  pipes: PipeConfig[];
  deliveryStreams: DeliveryStreamConfig[];
  catalog: Catalog;
  topics: TopicConfig[];
  subscriptions: (SubscriptionConfig & { where: string })[];
  /** Resource-based policies of topics. */
  topicPolicies: { topicArns: string[]; statements: PolicyStatement[] }[];
  alarms: (AlarmConfig & { where: string })[];
  dashboards: { name: string; body: unknown }[];
  /** Outputs by stack name and output name. */
  outputs: Record<string, Record<string, string>>;
  /** Exported outputs by export name, across the stacks. */
  exports: Map<string, { stackName: string; value: string }>;
}

export function emptyDeployment(): Deployment {
  return {
    buckets: [],
    queues: [],
    functions: [],
    rules: [],
    roles: [],
    eventSourceMappings: [],
    invokePermissions: [],
    queuePolicies: [],
    dynamoDbTables: [],
    kinesisStreams: [],
    pipes: [],
    deliveryStreams: [],
    catalog: { databases: [], tables: [], crawlers: [], workgroups: [] },
    topics: [],
    subscriptions: [],
    topicPolicies: [],
    alarms: [],
    dashboards: [],
    outputs: {},
    exports: new Map(),
  };
}
