import type {
  CatalogDatabase,
  CatalogTable,
  GlueColumn,
  GlueDatabase,
  GluePartition,
  NewTable,
} from './glue-catalog';
import type { Input } from './input';

// How the API spells what the catalog holds.
// https://docs.aws.amazon.com/glue/latest/webapi/API_Table.html

const TABLE_MEMBERS = [
  'Name',
  'DatabaseName',
  'Description',
  'TableType',
  'Parameters',
  'PartitionKeys',
  'StorageDescriptor',
  'ViewOriginalText',
  'ViewExpandedText',
];
const STORAGE_MEMBERS = ['Columns', 'Location', 'InputFormat', 'OutputFormat', 'SerdeInfo'];

export function readDatabase(input: Input): GlueDatabase {
  return {
    name: input.string('Name'),
    description: input.optionalString('Description'),
    locationUri: input.optionalString('LocationUri'),
    parameters: input.stringMap('Parameters'),
  };
}

export function describeDatabase(database: CatalogDatabase, catalogId: string): object {
  return {
    Name: database.name,
    Description: database.description,
    LocationUri: database.locationUri,
    Parameters: database.parameters ?? {},
    CreateTime: database.createdAt / 1000,
    CatalogId: catalogId,
  };
}

/** A TableInput. */
export function readTable(databaseName: string, input: Input): NewTable {
  const storage = input.optionalObject('StorageDescriptor');
  const serde = storage?.optionalObject('SerdeInfo');
  return {
    databaseName,
    name: input.string('Name'),
    description: input.optionalString('Description'),
    tableType: input.optionalString('TableType'),
    parameters: input.stringMap('Parameters'),
    columns: storage?.objects('Columns').map(readColumn) ?? [],
    partitionKeys: input.objects('PartitionKeys').map(readColumn),
    location: storage?.optionalString('Location'),
    inputFormat: storage?.optionalString('InputFormat'),
    outputFormat: storage?.optionalString('OutputFormat'),
    serde: serde && {
      library: serde.optionalString('SerializationLibrary'),
      parameters: serde.stringMap('Parameters'),
    },
    viewOriginalText: input.optionalString('ViewOriginalText'),
    viewExpandedText: input.optionalString('ViewExpandedText'),
    unread: {
      table: input.others(TABLE_MEMBERS),
      storage: storage?.others(STORAGE_MEMBERS) ?? {},
    },
  };
}

function readColumn(input: Input): GlueColumn {
  return {
    name: input.string('Name'),
    type: input.optionalString('Type') ?? 'string',
    comment: input.optionalString('Comment'),
  };
}

export function describeTable(table: CatalogTable, catalogId: string): object {
  return {
    Retention: 0,
    ...table.unread?.table,
    Name: table.name,
    DatabaseName: table.databaseName,
    Description: table.description,
    CreateTime: table.createdAt / 1000,
    UpdateTime: table.updatedAt / 1000,
    StorageDescriptor: describeStorage(table),
    PartitionKeys: table.partitionKeys.map(describeColumn),
    ViewOriginalText: table.viewOriginalText,
    ViewExpandedText: table.viewExpandedText,
    TableType: table.tableType,
    Parameters: table.parameters,
    IsRegisteredWithLakeFormation: false,
    CatalogId: catalogId,
    VersionId: TABLE_VERSION,
  };
}

/** Versions are not kept: a table has the one that stands. */
export const TABLE_VERSION = '0';

function describeStorage(table: CatalogTable): object {
  return {
    Compressed: false,
    NumberOfBuckets: 0,
    BucketColumns: [],
    SortColumns: [],
    Parameters: {},
    StoredAsSubDirectories: false,
    ...table.unread?.storage,
    Columns: table.columns.map(describeColumn),
    Location: table.location ?? '',
    InputFormat: table.inputFormat,
    OutputFormat: table.outputFormat,
    SerdeInfo: {
      SerializationLibrary: table.serde?.library,
      Parameters: table.serde?.parameters ?? {},
    },
  };
}

export function describeColumn({ name, type, comment }: GlueColumn): object {
  return { Name: name, Type: type, Comment: comment };
}

/** A PartitionInput; without a location it lies below the table's, as Hive lays it out. */
export function readPartition(table: CatalogTable, input: Input): GluePartition {
  const values = input.strings('Values');
  const storage = input.optionalObject('StorageDescriptor');
  return {
    values,
    location: storage?.optionalString('Location') ?? hiveLocation(table, values),
    parameters: input.stringMap('Parameters'),
    storageDescriptor: storage?.others([]),
  };
}

function hiveLocation({ location = '', partitionKeys }: CatalogTable, values: string[]): string {
  const folders = partitionKeys.map(({ name }, i) => `${name}=${values[i] ?? ''}/`);
  return `${location.replace(/\/?$/, '/')}${folders.join('')}`;
}

export function describePartition(
  table: CatalogTable,
  partition: GluePartition,
  catalogId: string,
): object {
  return {
    Values: partition.values,
    DatabaseName: table.databaseName,
    TableName: table.name,
    CreationTime: (partition.createdAt ?? table.createdAt) / 1000,
    StorageDescriptor: {
      ...describeStorage(table),
      ...partition.storageDescriptor,
      Location: partition.location,
    },
    Parameters: partition.parameters,
    CatalogId: catalogId,
  };
}
