import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetSchema, type SchemaElement } from 'hyparquet';
import { athenaDdl } from '@saleslake/shared/catalog/athena-ddl';
import type { glueTable } from '@saleslake/shared/catalog/glue-table';
import { sqlType, type Column } from '@saleslake/shared/contract/column';
import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';
import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import {
  defaultParquetOptions,
  type ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import { tables } from '@saleslake/shared/tables/index';
import { findProject } from '../src/cli/project';
import { localTarget } from '../src/query/query-target';
import { runQuery } from '../src/query/run-query';
import { packagedServices } from './support/packaged-services';
import { startProjectAws, type ProjectAws } from './support/project-aws';

const writers: [string, ParquetWriter][] = [
  ['fast', createFastParquetFile],
  ['arrow', createArrowParquetFile],
];

async function footerOf(contract: TableContract, writer: ParquetWriter) {
  const chunks: Uint8Array[] = [];
  const file = writer(contract, defaultParquetOptions, (bytes) =>
    chunks.push(new Uint8Array(bytes)),
  );
  await file.finish();
  const bytes = Buffer.concat(chunks);
  return parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** The SQL type that a column of a Parquet schema stands for, by its logical type alone. */
function sqlTypeOf({ type, logical_type: logical, converted_type: converted }: SchemaElement) {
  switch (logical?.type) {
    case 'STRING':
      return converted === 'UTF8' ? 'string' : undefined;
    case 'DECIMAL':
      return converted === 'DECIMAL' ? `decimal(${logical.precision},${logical.scale})` : undefined;
    case 'TIMESTAMP':
      return logical.isAdjustedToUTC &&
        logical.unit === 'MILLIS' &&
        converted === 'TIMESTAMP_MILLIS'
        ? 'timestamp'
        : undefined;
    case 'DATE':
      return converted === 'DATE' ? 'date' : undefined;
    default:
      return type === 'INT32' ? 'int' : undefined;
  }
}

function typesOf(entries: [string, Column][]): [string, string][] {
  return entries.map(([name, { type }]) => [name, sqlType(type)]);
}

let local: ProjectAws;
beforeAll(async () => {
  local = await startProjectAws({ working: false });
});
afterAll(() => local.close());

describe('table raw_transactions_json', () => {
  it('is in the compiled template what its DDL in sql/ddl makes of it', async () => {
    const services = await packagedServices();
    const input = services
      .flatMap(({ template }) => Object.values(template.Resources))
      .filter(({ Type }) => Type === 'AWS::Glue::Table')
      .map(({ Properties }) => Properties?.['TableInput'] as ReturnType<typeof glueTable>)
      .find(({ Name }) => Name === 'raw_transactions_json');
    const { root } = findProject(__dirname);
    const ddl = readFileSync(join(root, 'sql', 'ddl', 'raw_transactions_json.sql'), 'utf8');
    const columns = [...(input?.StorageDescriptor.Columns ?? []), ...(input?.PartitionKeys ?? [])];
    expect(columns.map(({ Name, Type, Comment }) => [Name, Type, Comment])).toEqual(
      [...ddl.matchAll(/^ {2}`(\w+)` (\w+) COMMENT '([^']+)'/gm)].map((match) => match.slice(1)),
    );
    const serde = input?.StorageDescriptor.SerdeInfo;
    expect(serde?.SerializationLibrary).toBe(/SERDE '([^']+)'/.exec(ddl)?.[1]);
    const stated = [...ddl.matchAll(/^ {2}'([^']+)' = '([^']+)'/gm)];
    const inBucket = (value: unknown): unknown =>
      typeof value === 'object' && value !== null
        ? String((value as { 'Fn::Sub': string })['Fn::Sub'])
            .replace('${RawBucket}', '<raw-bucket>')
            .replaceAll('${!', '${')
        : value;
    const all: Record<string, string> = input?.Parameters ?? {};
    const { EXTERNAL, comment, ...parameters } = all;
    const properties = { ...serde?.Parameters, ...parameters };
    expect(
      Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, inBucket(value)])),
    ).toEqual(Object.fromEntries(stated.map(([, key = '', value = '']) => [key, value])));
    expect([EXTERNAL, comment]).toEqual(['TRUE', /^COMMENT '([^']+)'/m.exec(ddl)?.[1]]);
    expect(inBucket(input?.StorageDescriptor.Location)).toBe(/LOCATION '([^']+)'/.exec(ddl)?.[1]);
  });
});

describe.each(tables.map((table) => [table.name, table] as const))('table %s', (name, contract) => {
  const partitions = Object.entries(contract.partitionColumns);

  it.each(writers)(
    'has its columns, and no partition, in the footer of the %s writer',
    async (_, writer) => {
      const { children } = parquetSchema(await footerOf(contract, writer));
      const found = children.map(({ element }) => [element.name, sqlTypeOf(element)]);
      expect(found).toEqual(typesOf(columnEntries(contract)));
    },
  );

  it.each(writers)(
    'is nullable in the footer of the %s writer where it may be null',
    async (_, writer) => {
      const { children } = parquetSchema(await footerOf(contract, writer));
      const found = children.map(({ element }) => [element.name, element.repetition_type]);
      expect(found).toEqual(
        columnEntries(contract).map(([column, { nullable }]) => [
          column,
          nullable ? 'OPTIONAL' : 'REQUIRED',
        ]),
      );
    },
  );

  it.each(writers)(
    'names itself and its version in the footer of the %s writer',
    async (_, writer) => {
      const { key_value_metadata: metadata } = await footerOf(contract, writer);
      expect(metadata).toEqual(
        expect.arrayContaining([
          { key: 'saleslake.table', value: name },
          { key: 'saleslake.version', value: String(contract.version) },
        ]),
      );
    },
  );

  it('is a Glue table of the same columns in the compiled CloudFormation template', async () => {
    const services = await packagedServices();
    const resources = services.flatMap(({ template }) => Object.values(template.Resources));
    const inputs = resources
      .filter(({ Type }) => Type === 'AWS::Glue::Table')
      .map(({ Properties }) => Properties?.['TableInput'] as ReturnType<typeof glueTable>);
    const input = inputs.find(({ Name }) => Name === name);
    const columns = input?.StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type]);
    expect(columns).toEqual(typesOf(columnEntries(contract)));
    expect(input?.PartitionKeys.map(({ Name, Type }) => [Name, Type])).toEqual(typesOf(partitions));
  });

  it('projects exactly its partition columns in the compiled template', async () => {
    const services = await packagedServices();
    const resources = services.flatMap(({ template }) => Object.values(template.Resources));
    const parameters = resources
      .filter(({ Type }) => Type === 'AWS::Glue::Table')
      .map(({ Properties }) => Properties?.['TableInput'] as ReturnType<typeof glueTable>)
      .find(({ Name }) => Name === name)?.Parameters;
    const projected = Object.keys(parameters ?? {}).flatMap(
      (key) => /^projection\.(\w+)(?:\.type)?$/.exec(key)?.[1] ?? [],
    );
    const expected = partitions.map(([column]) => column);
    expect(projected).toEqual(partitions.length > 0 ? ['enabled', ...expected] : []);
  });

  it('has current DDL in sql/ddl (npm run ddl)', () => {
    const { root } = findProject(__dirname);
    const checkedIn = readFileSync(join(root, 'sql', 'ddl', `${name}.sql`), 'utf8');
    expect(checkedIn).toBe(athenaDdl(contract, `s3://<curated-bucket>/processed/${name}/`));
  });

  it('has the same columns in SQL while there is no file', async () => {
    const { columns, rows } = await runQuery(
      localTarget(local.aws.endpoint),
      `SELECT * FROM ${name}`,
    );
    expect(rows).toEqual([]);
    const athenaTypes: Record<string, string> = { string: 'varchar', int: 'integer' };
    expect(columns.map((column) => [column.name, column.type])).toEqual(
      typesOf([...columnEntries(contract), ...partitions]).map(([column, type]) => [
        column,
        athenaTypes[type] ?? type.replace(/\(.*/, ''),
      ]),
    );
  });
});
