/**
 * The local DynamoDB with the table `counters` in a process of its own, for tests that kill it.
 * Writes its endpoint to standard output once it listens. Arguments: the state folder.
 */
import { realClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import { openDynamoDb } from '../../src/dynamodb/dynamodb';
import type { AwsContext } from '../../src/core/aws-context';

async function main([stateDir = '']: string[]): Promise<void> {
  const context: AwsContext = {
    accountId: '000000000000',
    region: 'eu-central-1',
    clock: realClock,
    stateDir,
    endpoint: () => 'http://127.0.0.1:4566',
    tell: () => undefined,
    authorize: () => undefined,
  };
  const dynamoDb = await openDynamoDb(context);
  const arn = 'arn:aws:dynamodb:eu-central-1:000000000000:table/counters';
  await dynamoDb.createTable({
    name: 'counters',
    arn,
    definition: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
    stream: { arn: `${arn}/stream/2025-01-01T00:00:00.000`, viewType: 'NEW_AND_OLD_IMAGES' },
  });
  const server = await serveAws(
    0,
    () => dynamoDb.handler,
    (error) => {
      throw error;
    },
  );
  process.stdout.write(`http://127.0.0.1:${server.port}\n`);
}

void main(process.argv.slice(2));
