import { describePartition, readPartition } from './api-shapes';
import { nameOf } from './catalog-store';
import type { CatalogTable, GlueCatalog, GluePartition } from './glue-catalog';
import { alreadyExists, entityNotFound, invalidInput, tableNotFound } from './glue-error';
import type { Input } from './input';
import { tableResources, type Allow, type GlueOperation } from './operation';
import { pageOf } from './page';
import { partitionFilter } from './partition-expression';

const MOST_LISTED = 1000;

/** https://docs.aws.amazon.com/glue/latest/webapi/API_Partition.html */
export function partitionOperations(
  catalog: GlueCatalog,
  catalogId: string,
): Record<string, GlueOperation> {
  /** The table that the request names, for callers allowed `action` on it. */
  const tableOf = (action: string, input: Input, allow: Allow): CatalogTable => {
    const databaseName = input.string('DatabaseName');
    const name = input.string('TableName');
    allow(action, ...tableResources(databaseName, name));
    const table = catalog.table(databaseName, name);
    if (!table) throw tableNotFound(databaseName, name);
    return table;
  };

  const find = (table: CatalogTable, values: string[]): GluePartition | undefined =>
    catalog.partition(table.databaseName, table.name, values);

  const get = (table: CatalogTable, values: string[]): GluePartition => {
    const partition = find(table, values);
    if (!partition) throw partitionNotFound(table, values);
    return partition;
  };

  const put = (table: CatalogTable, ...partitions: GluePartition[]): void =>
    catalog.putPartitions(table.databaseName, table.name, partitions);

  const drop = (table: CatalogTable, ...values: string[][]): void =>
    catalog.deletePartitions(table.databaseName, table.name, values);

  const create = (table: CatalogTable, partition: GluePartition): void => {
    if (find(table, partition.values)) throw partitionExists(table, partition.values);
    put(table, partition);
  };

  const describe = (table: CatalogTable, partition: GluePartition): object =>
    describePartition(table, partition, catalogId);

  return {
    CreatePartition(input, allow) {
      const table = tableOf('CreatePartition', input, allow);
      create(table, readPartition(table, input.object('PartitionInput')));
      return {};
    },

    BatchCreatePartition(input, allow) {
      const table = tableOf('BatchCreatePartition', input, allow);
      const wanted = input
        .objects('PartitionInputList')
        .map((partition) => readPartition(table, partition));
      const present = wanted.filter(({ values }) => find(table, values));
      put(table, ...wanted.filter((partition) => !present.includes(partition)));
      return {
        Errors: present.map(({ values }) => errorOf(values, partitionExists(table, values))),
      };
    },

    GetPartition(input, allow) {
      const table = tableOf('GetPartition', input, allow);
      return { Partition: describe(table, get(table, input.strings('PartitionValues'))) };
    },

    GetPartitions(input, allow) {
      const table = tableOf('GetPartitions', input, allow);
      const wanted = partitionFilter(input.optionalString('Expression') ?? '', table.partitionKeys);
      const partitions = catalog
        .partitions(table.databaseName, table.name)
        .filter(({ values }) => wanted(values));
      const page = pageOf(partitions, (p) => nameOf(p.values), input, MOST_LISTED, invalidInput);
      return {
        Partitions: page.items.map((partition) => describe(table, partition)),
        NextToken: page.NextToken,
      };
    },

    BatchGetPartition(input, allow) {
      const table = tableOf('BatchGetPartition', input, allow);
      const asked = input.objects('PartitionsToGet').map((item) => item.strings('Values'));
      const found = asked.flatMap((values) => find(table, values) ?? []);
      return {
        Partitions: found.map((partition) => describe(table, partition)),
        UnprocessedKeys: [],
      };
    },

    UpdatePartition(input, allow) {
      const table = tableOf('UpdatePartition', input, allow);
      const old = get(table, input.strings('PartitionValueList'));
      const changed = readPartition(table, input.object('PartitionInput'));
      const moved = nameOf(changed.values) !== nameOf(old.values);
      if (moved && find(table, changed.values)) throw partitionExists(table, changed.values);
      put(table, { ...changed, createdAt: old.createdAt });
      if (moved) drop(table, old.values);
      return {};
    },

    DeletePartition(input, allow) {
      const table = tableOf('DeletePartition', input, allow);
      drop(table, get(table, input.strings('PartitionValues')).values);
      return {};
    },

    BatchDeletePartition(input, allow) {
      const table = tableOf('BatchDeletePartition', input, allow);
      const asked = input.objects('PartitionsToDelete').map((item) => item.strings('Values'));
      const missing = asked.filter((values) => !find(table, values));
      drop(table, ...asked);
      return {
        Errors: missing.map((values) => errorOf(values, partitionNotFound(table, values))),
      };
    },
  };
}

function partitionNotFound({ databaseName, name }: CatalogTable, values: string[]) {
  return entityNotFound(
    `Cannot find partition ${JSON.stringify(values)} of ${databaseName}.${name}.`,
  );
}

function partitionExists({ databaseName, name }: CatalogTable, values: string[]) {
  return alreadyExists(`Partition ${JSON.stringify(values)} of ${databaseName}.${name}`);
}

function errorOf(values: string[], { code, message }: { code: string; message: string }): object {
  return { PartitionValues: values, ErrorDetail: { ErrorCode: code, ErrorMessage: message } };
}
