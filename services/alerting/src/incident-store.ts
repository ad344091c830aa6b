import {
  ConditionalCheckFailedException,
  GetItemCommand,
  paginateScan,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { isClosed, type Incident } from './incident';

/** An incident as it stands in the table. */
export interface StoredIncident {
  incident: Incident;
  /** Grows with each write. */
  version: number;
  /** Until when one invocation alone may tell of it; milliseconds since the epoch. */
  claimedUntil: number;
}

export interface IncidentStore {
  /** What is stored of an alarm, undefined where nothing is. */
  read(alarm: string): Promise<StoredIncident | undefined>;
  /**
   * Writes, where what is stored still is of the version that was read (undefined: where nothing
   * is stored). Returns false where another was first: nothing is written then.
   */
  write(
    incident: Incident,
    claimedUntil: number,
    readVersion: number | undefined,
  ): Promise<boolean>;
  /** All that is stored, in no order. */
  all(): AsyncIterable<StoredIncident>;
}

// Longer than events of it can come late, so that none opens it anew.
const KEPT_CLOSED_SECONDS = 30 * 86_400;

/** Incidents in a DynamoDB table with the key `alarm` and the time to live `expiresAt`. */
export function openIncidentStore(client: DynamoDBClient, TableName: string): IncidentStore {
  return {
    async read(alarm) {
      const Key = { alarm: { S: alarm } };
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key, ConsistentRead: true }),
      );
      return Item && storedOf(Item);
    },

    async write(incident, claimedUntil, readVersion) {
      const expiresAt = Math.ceil(incident.changedAt / 1000) + KEPT_CLOSED_SECONDS;
      const Item = {
        alarm: { S: incident.alarm.name },
        version: { N: String((readVersion ?? 0) + 1) },
        claimedUntil: { N: String(claimedUntil) },
        incident: { S: JSON.stringify(incident) },
        ...(isClosed(incident) && { expiresAt: { N: String(expiresAt) } }),
      };
      const condition =
        readVersion === undefined
          ? { ConditionExpression: 'attribute_not_exists(alarm)' }
          : {
              ConditionExpression: 'version = :read',
              ExpressionAttributeValues: { ':read': { N: String(readVersion) } },
            };
      try {
        await client.send(new PutItemCommand({ TableName, Item, ...condition }));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async *all() {
      const pages = paginateScan({ client }, { TableName, ConsistentRead: true });
      for await (const { Items = [] } of pages) yield* Items.map(storedOf);
    },
  };
}

function storedOf(item: Record<string, AttributeValue>): StoredIncident {
  return {
    incident: JSON.parse(item['incident']!.S!) as Incident,
    version: Number(item['version']!.N),
    claimedUntil: Number(item['claimedUntil']!.N),
  };
}
