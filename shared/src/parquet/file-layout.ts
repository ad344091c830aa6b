import { columnEntries, type TableContract } from '../contract/table-contract';
import { createByteBuffer } from './byte-buffer';
import { createChunkWriter, type ChunkWriter } from './column-chunk';
import { physicalType } from './physical-type';
import { putSchema } from './schema';

/** What all files of a contract have in common. */
export interface FileLayout {
  /** The schema as the second field of the footer. */
  schema: Uint8Array;
  columns: ColumnLayout[];
}

export interface ColumnLayout {
  name: Uint8Array;
  /** Its physical type. */
  type: number;
  writeChunk: ChunkWriter;
}

// To make one takes longer than to write a small file.
const layouts = new WeakMap<TableContract, FileLayout>();

export function fileLayout(contract: TableContract): FileLayout {
  let layout = layouts.get(contract);
  if (!layout) layouts.set(contract, (layout = createFileLayout(contract)));
  return layout;
}

function createFileLayout(contract: TableContract): FileLayout {
  const schema = createByteBuffer();
  putSchema(schema, 1, contract);
  const columns = columnEntries(contract).map(([name, column]) => ({
    name: new TextEncoder().encode(name),
    type: physicalType(column.type).type,
    writeChunk: createChunkWriter(column),
  }));
  return { schema: schema.bytes.slice(0, schema.length), columns };
}
