/** What Glue and Athena know, for the SQL side to read. */
export interface Catalog {
  databases: GlueDatabase[];
  tables: GlueTable[];
  crawlers: GlueCrawler[];
  workgroups: AthenaWorkgroup[];
}

export interface GlueDatabase {
  name: string;
  description?: string;
  locationUri?: string;
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
}

/** Recorded only: nothing crawls here. */
export interface GlueCrawler {
  name: string;
  databaseName: string;
  s3Paths: string[];
}

export interface AthenaWorkgroup {
  name: string;
  state: 'ENABLED' | 'DISABLED';
  /** An S3 URI. */
  outputLocation?: string;
  /** A query that would read more bytes is cancelled. */
  bytesScannedCutoff?: number;
  /** Whether a query's own settings give way to the workgroup's. */
  enforceConfiguration: boolean;
}
