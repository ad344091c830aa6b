import { describeDatabase, readDatabase } from './api-shapes';
import type { GlueCatalog } from './glue-catalog';
import { databaseNotFound, invalidInput } from './glue-error';
import { databaseResources, type GlueOperation } from './operation';
import { pageOf } from './page';

const MOST_LISTED = 100;

export function databaseOperations(
  catalog: GlueCatalog,
  catalogId: string,
): Record<string, GlueOperation> {
  return {
    CreateDatabase(input, allow) {
      const database = readDatabase(input.object('DatabaseInput'));
      allow('CreateDatabase', ...databaseResources(database.name));
      catalog.createDatabase(database);
      return {};
    },

    GetDatabase(input, allow) {
      const name = input.string('Name');
      allow('GetDatabase', ...databaseResources(name));
      const database = catalog.database(name);
      if (!database) throw databaseNotFound(name);
      return { Database: describeDatabase(database, catalogId) };
    },

    GetDatabases(input, allow) {
      allow('GetDatabases', ...databaseResources('*'));
      const databases = catalog.databases();
      const page = pageOf(databases, ({ name }) => name, input, MOST_LISTED, invalidInput);
      return {
        DatabaseList: page.items.map((database) => describeDatabase(database, catalogId)),
        NextToken: page.NextToken,
      };
    },

    UpdateDatabase(input, allow) {
      const name = input.string('Name');
      allow('UpdateDatabase', ...databaseResources(name));
      const changed = readDatabase(input.object('DatabaseInput'));
      if (changed.name.toLowerCase() !== name.toLowerCase()) {
        throw invalidInput(`Database ${name} cannot be renamed to ${changed.name}.`);
      }
      catalog.updateDatabase(changed);
      return {};
    },

    DeleteDatabase(input, allow) {
      const name = input.string('Name');
      allow('DeleteDatabase', ...databaseResources(name));
      catalog.deleteDatabase(name);
      return {};
    },
  };
}
