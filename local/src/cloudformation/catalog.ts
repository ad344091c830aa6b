/** What the templates declare of the Glue Data Catalog and of Athena. */
export interface Catalog {
  databases: GlueDatabase[];
  tables: GlueTable[];
  crawlers: GlueCrawler[];
  workgroups: AthenaWorkgroup[];
  namedQueries?: AthenaNamedQuery[];
  preparedStatements?: AthenaPreparedStatement[];
}

export interface GlueDatabase {
  name: string;
  description?: string;
  locationUri?: string;
  parameters?: Record<string, string>;
}

export interface GlueColumn {
  name: string;
  /** A Hive type, such as `decimal(10,2)`. */
  type: string;
  comment?: string;
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html */
export interface GlueTable {
  databaseName: string;
  name: string;
  description?: string;
  /** EXTERNAL_TABLE, or VIRTUAL_VIEW for a view. */
  tableType?: string;
  /** Table properties, those of partition projection among them. */
  parameters: Record<string, string>;
  columns: GlueColumn[];
  partitionKeys: GlueColumn[];
  /** An S3 URI. */
  location?: string;
  inputFormat?: string;
  outputFormat?: string;
  serde?: { library?: string; parameters: Record<string, string> };
  /** For a view: the slash-star `Presto View: <base64>` comment. */
  viewOriginalText?: string;
  viewExpandedText?: string;
}

// https://docs.aws.amazon.com/glue/latest/webapi/API_SchemaChangePolicy.html
export const CRAWLER_UPDATE_BEHAVIORS = ['LOG', 'UPDATE_IN_DATABASE'] as const;
export const CRAWLER_DELETE_BEHAVIORS = [
  'LOG',
  'DELETE_FROM_DATABASE',
  'DEPRECATE_IN_DATABASE',
] as const;

/** https://docs.aws.amazon.com/glue/latest/webapi/API_Crawler.html */
export interface GlueCrawler {
  name: string;
  databaseName: string;
  /** S3 URIs of folders. */
  s3Paths: string[];
  /** Globs of keys that it passes over, by the S3 path that they are below. */
  exclusions?: Record<string, string[]>;
  /** What the names of its tables begin with. */
  tablePrefix?: string;
  /** What becomes of a table whose files have other columns now. UPDATE_IN_DATABASE if not said. */
  updateBehavior?: (typeof CRAWLER_UPDATE_BEHAVIORS)[number];
  /** What becomes of a table without files. DEPRECATE_IN_DATABASE if not said. */
  deleteBehavior?: (typeof CRAWLER_DELETE_BEHAVIORS)[number];
  /** Recorded only: it runs when it is started. */
  schedule?: string;
  description?: string;
  /** JSON. https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html */
  configuration?: string;
}

export interface AthenaWorkgroup {
  name: string;
  state: 'ENABLED' | 'DISABLED';
  description?: string;
  /** An S3 URI. */
  outputLocation?: string;
  /** A query that would read more bytes is cancelled. */
  bytesScannedCutoff?: number;
  /** Whether a query's own settings give way to the workgroup's. */
  enforceConfiguration: boolean;
}

export interface AthenaNamedQuery {
  id: string;
  name: string;
  description?: string;
  database: string;
  sql: string;
  workgroup: string;
}

export interface AthenaPreparedStatement {
  name: string;
  workgroup: string;
  sql: string;
  description?: string;
}
