import { mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf, type FileIdentity } from './file-identity';

/** A complete file that no reader sees yet: renaming it to its place is what commits. */
export interface StagedFile {
  path: string;
  identity: FileIdentity;
}

let counter = 0;

/** Writes chunks to a new file in `folder` as they come. Leaves no file behind where one throws. */
export async function stageFile(
  folder: string,
  chunks: AsyncIterable<Buffer>,
): Promise<StagedFile> {
  mkdirSync(folder, { recursive: true });
  counter += 1;
  const path = join(folder, `${process.pid}-${counter}`);
  const file = await open(path, 'w');
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.close();
    const identity = identityOf(path);
    if (!identity) throw new Error(`${path} went missing while it was written`);
    return { path, identity };
  } catch (error) {
    await file.close();
    discard({ path });
    throw error;
  }
}

/** Removes a staged file that was not committed. */
export function discard(staged: Pick<StagedFile, 'path'>): void {
  rmSync(staged.path, { force: true });
}
