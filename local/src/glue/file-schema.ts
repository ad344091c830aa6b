import { closeSync, openSync, readSync } from 'node:fs';
import { gunzipSync, constants } from 'node:zlib';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { GlueColumn } from './glue-catalog';
import { hiveType } from './hive-type';

/** What a crawler finds out about a file. */
export interface FileSchema {
  format: 'parquet' | 'json' | 'csv';
  gzip: boolean;
  /** Names in lower case. */
  columns: GlueColumn[];
  csv?: { delimiter: string; quoted: boolean; header: boolean };
}

export interface FileSchemaReader {
  /** Throws where the file is neither Parquet, JSON nor CSV. */
  read(path: string): Promise<FileSchema>;
  close(): void;
}

const HEAD_BYTES = 4096;
// Of a large file the first rows tell.
const SAMPLE_ROWS = 20_480;

/** Reads schemas with DuckDB: Parquet's from the footer, the others' from the first rows. */
export async function openFileSchemaReader(): Promise<FileSchemaReader> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    threads: '1',
  });
  const connection = await instance.connect();
  return {
    async read(path) {
      const { format, gzip } = recognise(readHead(path));
      const compression = `compression = '${gzip ? 'gzip' : 'uncompressed'}'`;
      const file = `'${path.replaceAll("'", "''")}'`;
      switch (format) {
        case 'parquet': {
          const source = `read_parquet(${file}, hive_partitioning = false)`;
          return { format, gzip, columns: await columnsOf(connection, source, false) };
        }
        case 'json': {
          const source =
            `read_json(${file}, hive_partitioning = false, ${compression}, ` +
            `sample_size = ${SAMPLE_ROWS})`;
          return { format, gzip, columns: await columnsOf(connection, source, true) };
        }
        case 'csv':
          return { format, gzip, ...(await sniffCsv(connection, file, compression)) };
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function recognise(head: Buffer): Pick<FileSchema, 'format' | 'gzip'> {
  if (head.toString('latin1', 0, 4) === 'PAR1') return { format: 'parquet', gzip: false };
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const text = gzip ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head;
  const first = text
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()[0];
  return { format: first === '{' || first === '[' ? 'json' : 'csv', gzip };
}

async function columnsOf(
  connection: DuckDBConnection,
  source: string,
  textual: boolean,
): Promise<GlueColumn[]> {
  const result = await connection.run(`SELECT * FROM ${source} LIMIT 0`);
  const types = result.columnTypes();
  return result.columnNames().map((name, i) => {
    const type = types[i];
    return { name: name.toLowerCase(), type: type ? hiveType(type, textual) : 'string' };
  });
}

interface SniffedCsv {
  Delimiter: string;
  Quote: string;
  HasHeader: boolean;
  Columns: { name: string; type: string }[];
}

const CSV_TYPES: Record<string, string> = {
  BIGINT: 'bigint',
  BOOLEAN: 'boolean',
  DOUBLE: 'double',
};

async function sniffCsv(
  connection: DuckDBConnection,
  file: string,
  compression: string,
): Promise<Pick<FileSchema, 'columns' | 'csv'>> {
  const reader = await connection.runAndReadAll(
    `FROM sniff_csv(${file}, ${compression}, sample_size = ${SAMPLE_ROWS})`,
  );
  const [found] = reader.getRowObjectsJson() as unknown as SniffedCsv[];
  // https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-builtin
  if (!found || found.Columns.length < 2) throw new Error('It has no two columns.');
  return {
    columns: found.Columns.map(({ name, type }, i) => ({
      name: found.HasHeader ? name.toLowerCase() : `col${i}`,
      type: CSV_TYPES[type] ?? 'string',
    })),
    csv: {
      delimiter: found.Delimiter,
      quoted: found.Quote !== '(empty)',
      header: found.HasHeader,
    },
  };
}
