import type { AwsContext } from '../core/aws-context';
import { describeColumn } from '../glue/api-shapes';
import type { CatalogDatabase, CatalogTable, GlueCatalog } from '../glue/glue-catalog';
import { databaseNotFound, tableNotFound } from '../glue/glue-error';
import type { Input } from '../glue/input';
import { pageOf } from '../glue/page';
import { invalidRequest, metadataError } from './athena-error';
import { CATALOG, checkCatalog, type AthenaOperation } from './operation';

const MOST_LISTED = 50;

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetTableMetadata.html */
export function metadataOperations(
  catalog: GlueCatalog,
  { accountId }: Pick<AwsContext, 'accountId'>,
): Record<string, AthenaOperation> {
  const databaseOf = (input: Input): CatalogDatabase => {
    const name = input.string('DatabaseName');
    const database = catalog.database(name);
    if (!database) throw passedOn(databaseNotFound(name));
    return database;
  };

  return {
    GetDataCatalog(input, { allowCatalog }) {
      checkCatalog(input.string('Name'));
      allowCatalog('GetDataCatalog');
      return {
        DataCatalog: {
          Name: CATALOG,
          Type: 'GLUE',
          Description: 'The Glue Data Catalog of the account.',
          Parameters: { 'catalog-id': accountId },
        },
      };
    },

    ListDataCatalogs(_, { allowCatalog }) {
      allowCatalog('ListDataCatalogs');
      return { DataCatalogsSummary: [{ CatalogName: CATALOG, Type: 'GLUE' }] };
    },

    GetDatabase(input, { allowCatalog }) {
      checkCatalog(input.string('CatalogName'));
      allowCatalog('GetDatabase');
      return { Database: describeDatabase(databaseOf(input)) };
    },

    ListDatabases(input, { allowCatalog }) {
      checkCatalog(input.string('CatalogName'));
      allowCatalog('ListDatabases');
      const all = catalog.databases();
      const page = pageOf(
        all,
        ({ name }) => name,
        input,
        MOST_LISTED,
        (m) => invalidRequest(m),
      );
      return { DatabaseList: page.items.map(describeDatabase), NextToken: page.NextToken };
    },

    GetTableMetadata(input, { allowCatalog }) {
      checkCatalog(input.string('CatalogName'));
      allowCatalog('GetTableMetadata');
      const database = databaseOf(input);
      const name = input.string('TableName');
      const table = catalog.table(database.name, name);
      if (!table) throw passedOn(tableNotFound(database.name, name));
      return { TableMetadata: describeTable(table) };
    },

    ListTableMetadata(input, { allowCatalog }) {
      checkCatalog(input.string('CatalogName'));
      allowCatalog('ListTableMetadata');
      const wanted = namePattern(input.optionalString('Expression'));
      const tables = catalog.tables(databaseOf(input).name).filter(({ name }) => wanted.test(name));
      const page = pageOf(
        tables,
        ({ name }) => name,
        input,
        MOST_LISTED,
        (m) => invalidRequest(m),
      );
      return { TableMetadataList: page.items.map(describeTable), NextToken: page.NextToken };
    },
  };
}

function passedOn({ code, message }: { code: string; message: string }) {
  return metadataError(`${code}: ${message}`);
}

function namePattern(expression = '.*'): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`, 'i');
  } catch (error) {
    throw invalidRequest(`Expression is no regular expression: ${(error as Error).message}.`);
  }
}

function describeDatabase({ name, description, parameters = {} }: CatalogDatabase): object {
  return { Name: name, Description: description, Parameters: parameters };
}

function describeTable(table: CatalogTable): object {
  const serdeParameters = Object.entries(table.serde?.parameters ?? {});
  return {
    Name: table.name,
    CreateTime: table.createdAt / 1000,
    TableType: table.tableType,
    Columns: table.columns.map(describeColumn),
    PartitionKeys: table.partitionKeys.map(describeColumn),
    Parameters: {
      ...table.parameters,
      location: table.location,
      inputformat: table.inputFormat,
      outputformat: table.outputFormat,
      'serde.serialization.lib': table.serde?.library,
      ...Object.fromEntries(serdeParameters.map(([name, v]) => [`serde.param.${name}`, v])),
    },
  };
}
