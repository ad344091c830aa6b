import { join } from 'node:path';
import type { Catalog } from '../cloudformation/catalog';
import type { AwsContext } from '../core/aws-context';
import type { ServiceHandler } from '../core/aws-request';
import { jsonProtocol } from '../core/json-protocol';
import { openCatalogStore } from './catalog-store';
import { crawlerOperations } from './crawler-operations';
import { openCrawlers } from './crawlers';
import { databaseOperations } from './database-operations';
import type { GlueCatalog } from './glue-catalog';
import { glueOperations } from './operation';
import { partitionOperations } from './partition-operations';
import { tableOperations } from './table-operations';

export type { CatalogTable, GlueCatalog, GluePartition } from './glue-catalog';

export interface Glue {
  /** AWS JSON 1.1, `X-Amz-Target: AWSGlue.<operation>`. */
  handler: ServiceHandler;
  catalog: GlueCatalog;
  /** Whether no crawler runs. */
  idle(): boolean;
  /** Ends the crawlers that run, and returns when they have. */
  stop(): Promise<void>;
}

export interface GlueOptions {
  /** The folder whose files are a bucket's objects. Throws for an unknown bucket. */
  bucketFolder: (bucket: string) => string;
}

/**
 * Opens Glue over `<stateDir>/glue`: the databases, tables and crawlers that the templates declare,
 * and those that people added. Where both have one of a name, the template's holds.
 */
export function openGlue(context: AwsContext, declared: Catalog, options: GlueOptions): Glue {
  const folder = join(context.stateDir, 'glue');
  const { clock, accountId } = context;
  const catalog = openCatalogStore(folder, declared, context);
  const crawlers = openCrawlers(folder, declared.crawlers, context, {
    catalog,
    bucketFolder: options.bucketFolder,
    clock,
    tell: (activity) => context.tell(activity),
  });
  const operations = {
    ...databaseOperations(catalog, accountId),
    ...tableOperations(catalog, accountId),
    ...partitionOperations(catalog, accountId),
    ...crawlerOperations(crawlers, clock),
  };
  return {
    handler: jsonProtocol('1.1', glueOperations(context, operations)),
    catalog,
    idle: () => crawlers.idle(),
    stop: () => crawlers.close(),
  };
}
