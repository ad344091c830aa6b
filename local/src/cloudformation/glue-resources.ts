import { CRAWLER_DELETE_BEHAVIORS, CRAWLER_UPDATE_BEHAVIORS, type GlueColumn } from './catalog';
import type { PropertyReader } from './property-reader';
import { arnOf, type ResourceType } from './resource-type';

const database: ResourceType = ({ properties, generatedName, deployment }) => {
  properties.withoutEffect('CatalogId', 'Tags');
  const input = properties.object('DatabaseInput');
  const name = input.optionalString('Name') ?? generatedName.toLowerCase();
  const parameters = input.stringMap('Parameters');
  deployment.catalog.databases.push({
    name,
    description: input.optionalString('Description'),
    locationUri: input.optionalString('LocationUri'),
    ...(Object.keys(parameters).length > 0 && { parameters }),
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
    viewOriginalText: input.optionalString('ViewOriginalText'),
    viewExpandedText: input.optionalString('ViewExpandedText'),
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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-glue-crawler.html */
const crawler: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('Name') ?? generatedName;
  properties.withoutEffect(
    'Classifiers',
    'LakeFormationConfiguration',
    'RecrawlPolicy',
    'Role',
    'Tags',
  );
  const targets = properties.object('Targets').objects('S3Targets');
  for (const target of targets) target.withoutEffect('SampleSize');
  const exclusions = targets
    .map((target) => [target.string('Path'), target.strings('Exclusions')] as const)
    .filter(([, globs]) => globs.length > 0);
  const policy = properties.optionalObject('SchemaChangePolicy');
  deployment.catalog.crawlers.push({
    name,
    databaseName: properties.string('DatabaseName'),
    s3Paths: targets.map((target) => target.string('Path')),
    ...(exclusions.length > 0 && { exclusions: Object.fromEntries(exclusions) }),
    tablePrefix: properties.optionalString('TablePrefix'),
    updateBehavior: readBehavior(policy, 'UpdateBehavior', CRAWLER_UPDATE_BEHAVIORS),
    deleteBehavior: readBehavior(policy, 'DeleteBehavior', CRAWLER_DELETE_BEHAVIORS),
    schedule: properties.optionalObject('Schedule')?.optionalString('ScheduleExpression'),
    description: properties.optionalString('Description'),
    configuration: properties.optionalString('Configuration'),
  });
  return { ref: name, attributes: { Arn: arnOf(environment, 'glue', `crawler/${name}`) } };
};

function readBehavior<T extends string>(
  policy: PropertyReader | undefined,
  name: string,
  known: readonly T[],
): T | undefined {
  if (!policy) return undefined;
  const value = policy.optionalString(name);
  const behavior = known.find((one) => one === value);
  if (value === undefined || behavior !== undefined) return behavior;
  throw policy.fail(`has SchemaChangePolicy.${name} ${value}; expected ${known.join(', ')}`);
}

export const glueResources: Record<string, ResourceType> = {
  'AWS::Glue::Database': database,
  'AWS::Glue::Table': table,
  'AWS::Glue::Crawler': crawler,
};
