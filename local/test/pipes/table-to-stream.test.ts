import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { StreamRecord } from '../../src/dynamodb/table-stream';
import {
  startDynamoDb,
  streamArn as tableStreamArn,
  tableConfig,
  type LocalDynamoDb,
} from '../dynamodb/local-dynamodb';
import { startPipes, type LocalPipes } from './local-pipes';

const TableName = 'orders';
const fromTable = {
  sourceArn: tableStreamArn(TableName),
  partitionKey: '$.dynamodb.Keys.id.S',
};

let dynamoDb: LocalDynamoDb;
let local: LocalPipes;
beforeEach(async () => {
  dynamoDb = await startDynamoDb();
  await dynamoDb.dynamoDb.createTable(tableConfig(TableName));
  local = startPipes();
  local.connections.tableStream = (arn) => dynamoDb.dynamoDb.stream(arn);
});
afterEach(async () => {
  await local.close();
  await dynamoDb.close();
});

const changes = () =>
  local.records().map(({ data }) => JSON.parse(data.toString()) as StreamRecord);

async function changeAnOrder(): Promise<void> {
  const Key = { id: { S: 'a' } };
  await dynamoDb.client.send(
    new PutItemCommand({ TableName, Item: { ...Key, price: { N: '1' } } }),
  );
  await dynamoDb.client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET price = :two',
      ExpressionAttributeValues: { ':two': { N: '2' } },
    }),
  );
  await dynamoDb.client.send(new DeleteItemCommand({ TableName, Key }));
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html
describe('changes of a table', () => {
  it('come to a data stream in the order they were made', async () => {
    local.run(fromTable);
    await changeAnOrder();
    await local.idle();

    const seen = changes().map(({ eventName, dynamodb: { OldImage, NewImage } }) => [
      eventName,
      OldImage?.price,
      NewImage?.price,
    ]);
    expect(seen).toEqual([
      ['INSERT', undefined, { N: '1' }],
      ['MODIFY', { N: '1' }, { N: '2' }],
      ['REMOVE', { N: '2' }, undefined],
    ]);
    expect(local.records().map(({ partitionKey }) => partitionKey)).toEqual(['a', 'a', 'a']);
  });

  it('are filtered by what became of the item', async () => {
    local.run({ ...fromTable, filters: ['{"eventName":["REMOVE"]}'] });
    await changeAnOrder();
    await local.idle();

    expect(changes().map(({ eventName }) => eventName)).toEqual(['REMOVE']);
  });
});
