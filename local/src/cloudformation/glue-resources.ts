import type { GlueColumn } from './catalog';
import type { PropertyReader } from './property-reader';
import { arnOf, type ResourceType } from './resource-type';

const database: ResourceType = ({ properties, generatedName, deployment }) => {
  properties.withoutEffect('CatalogId', 'Tags');
  const input = properties.object('DatabaseInput');
  const name = input.optionalString('Name') ?? generatedName.toLowerCase();
  input.withoutEffect('Parameters');
  deployment.catalog.databases.push({
    name,
    description: input.optionalString('Description'),
    locationUri: input.optionalString('LocationUri'),
  });
  return { ref: name };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-table.html */
const table: ResourceType = ({ properties, generatedName, deployment }) => {
  properties.withoutEffect('CatalogId');
  const input = properties.object('TableInput');
  const name = input.optionalString('Name') ?? generatedName.toLowerCase();
  const storage = input.optionalObject('StorageDescriptor');
  const serde = storage?.optionalObject('SerdeInfo');
  input.withoutEffect('Owner', 'Retention');
  // Hints for writers: nothing here writes by way of the table.
  storage?.withoutEffect(
    'BucketColumns',
    'Compressed',
    'NumberOfBuckets',
    'Parameters',
    'SortColumns',
    'StoredAsSubDirectories',
  );
  serde?.withoutEffect('Name');
  deployment.catalog.tables.push({
    databaseName: properties.string('DatabaseName'),
    name,
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
  });
  return { ref: name };
};

function readColumn(column: PropertyReader): GlueColumn {
  return {
    name: column.string('Name'),
    type: column.string('Type'),
    comment: column.optionalString('Comment'),
  };
}

const crawler: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('Name') ?? generatedName;
  // Nothing crawls here, so how it would is of no effect.
  properties.withoutEffect(
    'Classifiers',
    'Configuration',
    'Description',
    'LakeFormationConfiguration',
    'RecrawlPolicy',
    'Role',
    'Schedule',
    'SchemaChangePolicy',
    'TablePrefix',
    'Tags',
  );
  const targets = properties.object('Targets').objects('S3Targets');
  for (const target of targets) target.withoutEffect('Exclusions', 'SampleSize');
  deployment.catalog.crawlers.push({
    name,
    databaseName: properties.string('DatabaseName'),
    s3Paths: targets.map((target) => target.string('Path')),
  });
  return { ref: name, attributes: { Arn: arnOf(environment, 'glue', `crawler/${name}`) } };
};

export const glueResources: Record<string, ResourceType> = {
  'AWS::Glue::Database': database,
  'AWS::Glue::Table': table,
  'AWS::Glue::Crawler': crawler,
};
