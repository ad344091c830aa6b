import { describeTable, readTable, TABLE_VERSION } from './api-shapes';
import type { CatalogTable, GlueCatalog } from './glue-catalog';
import { databaseNotFound, entityNotFound, invalidInput, tableNotFound } from './glue-error';
import { tableResources, type GlueOperation } from './operation';
import { pageOf } from './page';

const MOST_LISTED = 100;

export function tableOperations(
  catalog: GlueCatalog,
  catalogId: string,
): Record<string, GlueOperation> {
  const getTable = (databaseName: string, name: string): CatalogTable => {
    if (!catalog.database(databaseName)) throw databaseNotFound(databaseName);
    const table = catalog.table(databaseName, name);
    if (!table) throw tableNotFound(databaseName, name);
    return table;
  };

  const versionOf = (table: CatalogTable): object => ({
    Table: describeTable(table, catalogId),
    VersionId: TABLE_VERSION,
  });

  return {
    CreateTable(input, allow) {
      const table = readTable(input.string('DatabaseName'), input.object('TableInput'));
      allow('CreateTable', ...tableResources(table.databaseName, table.name));
      catalog.createTable(table);
      return {};
    },

    GetTable(input, allow) {
      const databaseName = input.string('DatabaseName');
      const name = input.string('Name');
      allow('GetTable', ...tableResources(databaseName, name));
      return { Table: describeTable(getTable(databaseName, name), catalogId) };
    },

    GetTables(input, allow) {
      const databaseName = input.string('DatabaseName');
      allow('GetTables', ...tableResources(databaseName, '*'));
      const wanted = namePattern(input.optionalString('Expression'));
      const tables = catalog.tables(databaseName).filter(({ name }) => wanted.test(name));
      const page = pageOf(tables, ({ name }) => name, input, MOST_LISTED, invalidInput);
      return {
        TableList: page.items.map((table) => describeTable(table, catalogId)),
        NextToken: page.NextToken,
      };
    },

    GetTableVersions(input, allow) {
      const databaseName = input.string('DatabaseName');
      const name = input.string('TableName');
      allow('GetTableVersions', ...tableResources(databaseName, name));
      return { TableVersions: [versionOf(getTable(databaseName, name))] };
    },

    GetTableVersion(input, allow) {
      const databaseName = input.string('DatabaseName');
      const name = input.string('TableName');
      allow('GetTableVersion', ...tableResources(databaseName, name));
      const version = input.optionalString('VersionId') ?? TABLE_VERSION;
      const table = getTable(databaseName, name);
      if (version !== TABLE_VERSION) {
        throw entityNotFound(`Table ${databaseName}.${name} has no version ${version}.`);
      }
      return { TableVersion: versionOf(table) };
    },

    UpdateTable(input, allow) {
      const table = readTable(input.string('DatabaseName'), input.object('TableInput'));
      allow('UpdateTable', ...tableResources(table.databaseName, table.name));
      catalog.updateTable(table);
      return {};
    },

    DeleteTable(input, allow) {
      const databaseName = input.string('DatabaseName');
      const name = input.string('Name');
      allow('DeleteTable', ...tableResources(databaseName, name));
      catalog.deleteTable(databaseName, name);
      return {};
    },

    BatchDeleteTable(input, allow) {
      const databaseName = input.string('DatabaseName');
      const names = input.strings('TablesToDelete');
      for (const name of names) allow('BatchDeleteTable', ...tableResources(databaseName, name));
      const missing = names.filter((name) => !catalog.table(databaseName, name));
      for (const name of names) {
        if (catalog.table(databaseName, name)) catalog.deleteTable(databaseName, name);
      }
      return {
        Errors: missing.map((name) => {
          const { code, message } = tableNotFound(databaseName, name);
          return { TableName: name, ErrorDetail: { ErrorCode: code, ErrorMessage: message } };
        }),
      };
    },
  };
}

function namePattern(expression = '.*'): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`, 'i');
  } catch (error) {
    throw invalidInput(`Expression is no regular expression: ${(error as Error).message}.`);
  }
}
