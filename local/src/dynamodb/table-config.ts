import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** A DynamoDB table as a template declares it. */
export interface DynamoDbTableConfig {
  name: string;
  arn: string;
  /** What CreateTable takes, without the stream. */
  definition: Pick<
    CreateTableCommandInput,
    | 'AttributeDefinitions'
    | 'KeySchema'
    | 'BillingMode'
    | 'ProvisionedThroughput'
    | 'GlobalSecondaryIndexes'
    | 'LocalSecondaryIndexes'
  >;
  /** Absent where no stream captures changes. */
  stream?: {
    /** Such as `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>`: the same at each start. */
    arn: string;
    viewType: StreamViewType;
  };
}
