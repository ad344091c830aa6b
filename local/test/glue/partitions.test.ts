import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  CreatePartitionCommand,
  DeletePartitionCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  UpdatePartitionCommand,
  type PartitionInput,
} from '@aws-sdk/client-glue';
import { startGlue, type LocalGlue } from './local-glue';

const TABLE = { DatabaseName: 'lake', TableName: 'sales' };

let local: LocalGlue;
beforeEach(async () => {
  local = await startGlue({
    databases: [{ name: 'lake' }],
    tables: [
      {
        databaseName: 'lake',
        name: 'sales',
        parameters: {},
        columns: [{ name: 'price', type: 'double' }],
        partitionKeys: [
          { name: 'year', type: 'int' },
          { name: 'month', type: 'int' },
        ],
        location: 's3://curated/sales/',
      },
    ],
  });
});
afterEach(() => local.close());

const create = (PartitionInput: PartitionInput) =>
  local.client.send(new CreatePartitionCommand({ ...TABLE, PartitionInput }));

const get = (...PartitionValues: string[]) =>
  local.client.send(new GetPartitionCommand({ ...TABLE, PartitionValues }));

const listed = async (Expression?: string) => {
  const { Partitions } = await local.client.send(
    new GetPartitionsCommand({ ...TABLE, Expression }),
  );
  return Partitions?.map(({ Values }) => Values?.join('-'));
};

describe('a partition', () => {
  it('has the columns of its table and a location of its own', async () => {
    await create({ Values: ['2025', '1'], StorageDescriptor: { Location: 's3://elsewhere/' } });
    const { Partition } = await get('2025', '1');
    expect(Partition).toMatchObject({
      Values: ['2025', '1'],
      StorageDescriptor: { Location: 's3://elsewhere/', Columns: [{ Name: 'price' }] },
    });
  });

  it('lies below its table where nothing else is said', async () => {
    await create({ Values: ['2025', '1'] });
    const { Partition } = await get('2025', '1');
    expect(Partition?.StorageDescriptor?.Location).toBe('s3://curated/sales/year=2025/month=1/');
  });

  it('is created once', async () => {
    await create({ Values: ['2025', '1'] });
    await expect(create({ Values: ['2025', '1'] })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
  });

  it('has a value for each key', async () => {
    await expect(create({ Values: ['2025'] })).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining('has 2, ["2025"] are 1') as string,
    });
  });

  it('moves when an update gives it other values', async () => {
    await create({ Values: ['2025', '1'] });
    await local.client.send(
      new UpdatePartitionCommand({
        ...TABLE,
        PartitionValueList: ['2025', '1'],
        PartitionInput: { Values: ['2025', '2'], Parameters: { a: 'b' } },
      }),
    );
    expect(await listed()).toEqual(['2025-2']);
  });

  it('is gone when deleted', async () => {
    await create({ Values: ['2025', '1'] });
    const input = { ...TABLE, PartitionValues: ['2025', '1'] };
    await local.client.send(new DeletePartitionCommand(input));
    await expect(get('2025', '1')).rejects.toMatchObject({ name: 'EntityNotFoundException' });
    await expect(local.client.send(new DeletePartitionCommand(input))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });
});

describe('many partitions', () => {
  beforeEach(async () => {
    const PartitionInputList = ['1', '2', '10'].map((month) => ({ Values: ['2025', month] }));
    await local.client.send(new BatchCreatePartitionCommand({ ...TABLE, PartitionInputList }));
  });

  it('are found by an expression, numbers as numbers', async () => {
    expect(await listed('year = 2025 AND month > 1')).toEqual(['2025-10', '2025-2']);
  });

  it('are created but for those that are there', async () => {
    const { Errors } = await local.client.send(
      new BatchCreatePartitionCommand({
        ...TABLE,
        PartitionInputList: [{ Values: ['2025', '1'] }, { Values: ['2025', '3'] }],
      }),
    );
    expect(Errors?.map(({ PartitionValues }) => PartitionValues)).toEqual([['2025', '1']]);
    expect(await listed('month = 3')).toEqual(['2025-3']);
  });

  it('are got and deleted by their values', async () => {
    const { Partitions } = await local.client.send(
      new BatchGetPartitionCommand({
        ...TABLE,
        PartitionsToGet: [{ Values: ['2025', '2'] }, { Values: ['2025', '9'] }],
      }),
    );
    expect(Partitions?.map(({ Values }) => Values)).toEqual([['2025', '2']]);
    const { Errors } = await local.client.send(
      new BatchDeletePartitionCommand({
        ...TABLE,
        PartitionsToDelete: [{ Values: ['2025', '2'] }, { Values: ['2025', '9'] }],
      }),
    );
    expect(Errors?.map(({ PartitionValues }) => PartitionValues)).toEqual([['2025', '9']]);
    expect(await listed()).toEqual(['2025-1', '2025-10']);
  });

  it('are listed page by page', async () => {
    const first = await local.client.send(new GetPartitionsCommand({ ...TABLE, MaxResults: 2 }));
    const { NextToken } = first;
    const second = await local.client.send(
      new GetPartitionsCommand({ ...TABLE, MaxResults: 2, NextToken }),
    );
    expect(second.Partitions?.map(({ Values }) => Values)).toEqual([['2025', '2']]);
    expect(second.NextToken).toBeUndefined();
  });

  it('are not listed from a token of elsewhere', async () => {
    const ask = new GetPartitionsCommand({ ...TABLE, NextToken: '?' });
    await expect(local.client.send(ask)).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});
