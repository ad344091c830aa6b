import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';
import { DurableMap } from '../core/durable-map';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksum';
import { s3Error } from './s3-error';
import type { ObjectRef } from './s3-request';
import type { StagedFile } from './staged-file';

/** A multipart upload in progress. */
export interface Upload extends ObjectRef {
  uploadId: string;
  /** Milliseconds since the epoch. */
  initiated: number;
  /** The object's headers, once it is one. */
  headers: Record<string, string>;
  checksum?: { algorithm: ChecksumAlgorithm; type: ChecksumType };
}

export interface UploadedPart {
  number: number;
  /** Without quotes. */
  etag: string;
  size: number;
  lastModified: number;
  checksum?: Checksum;
  /** Name of its file in the upload's folder. */
  file: string;
}

export interface UploadStore {
  create(upload: Omit<Upload, 'uploadId'>): Upload;
  /** The upload of this id to this object; throws NoSuchUpload. */
  require(ref: ObjectRef, uploadId: string): Upload;
  has(uploadId: string): boolean;
  /** Every upload in progress to a bucket. */
  list(bucket: string): Upload[];
  putPart(uploadId: string, staged: StagedFile, part: Omit<UploadedPart, 'file'>): void;
  /** In the order of their numbers. */
  parts(uploadId: string): UploadedPart[];
  partPath(uploadId: string, part: UploadedPart): string;
  remove(uploadId: string): void;
}

/**
 * Uploads in progress, one folder each: `upload.json`, the records of the parts, their data. The
 * folder without its `upload.json` is an upload whose making or removal a kill cut short.
 */
export function openUploadStore(folder: string): UploadStore {
  const uploads = new Map<string, { upload: Upload; parts: DurableMap<UploadedPart> }>();
  const folderOf = (uploadId: string): string => join(folder, uploadId);
  const describedBy = (uploadId: string): string => join(folderOf(uploadId), 'upload.json');
  const partsOf = (uploadId: string): DurableMap<UploadedPart> =>
    new DurableMap(join(folderOf(uploadId), 'parts'));

  mkdirSync(folder, { recursive: true });
  for (const uploadId of readdirSync(folder)) {
    const text = readFileIfPresent(describedBy(uploadId));
    if (text === undefined) rmSync(folderOf(uploadId), { recursive: true, force: true });
    else uploads.set(uploadId, { upload: JSON.parse(text) as Upload, parts: partsOf(uploadId) });
  }

  let written = 0;
  const inProgress = (uploadId: string) => {
    const entry = uploads.get(uploadId);
    if (!entry) throw s3Error('NoSuchUpload', undefined, { UploadId: uploadId });
    return entry;
  };

  return {
    create(description) {
      const upload = { ...description, uploadId: randomBytes(24).toString('base64url') };
      const parts = partsOf(upload.uploadId);
      writeFileAtomically(describedBy(upload.uploadId), JSON.stringify(upload));
      uploads.set(upload.uploadId, { upload, parts });
      return upload;
    },
    require(ref, uploadId) {
      const { upload } = inProgress(uploadId);
      if (upload.bucket === ref.bucket && upload.key === ref.key) return upload;
      throw s3Error('NoSuchUpload', undefined, { UploadId: uploadId });
    },
    has: (uploadId) => uploads.has(uploadId),
    list: (bucket) =>
      [...uploads.values()].map(({ upload }) => upload).filter((each) => each.bucket === bucket),
    putPart(uploadId, staged, part) {
      const { parts } = inProgress(uploadId);
      // A new name each time: the upload may just be completing with the part's older data.
      written += 1;
      const file = `${part.number}-${process.pid}-${Date.now()}-${written}`;
      renameSync(staged.path, join(folderOf(uploadId), file));
      parts.set(String(part.number).padStart(5, '0'), { ...part, file });
    },
    parts: (uploadId) =>
      inProgress(uploadId)
        .parts.entries()
        .map(([, part]) => part)
        .sort((a, b) => a.number - b.number),
    partPath: (uploadId, part) => join(folderOf(uploadId), part.file),
    remove(uploadId) {
      rmSync(describedBy(uploadId), { force: true });
      rmSync(folderOf(uploadId), { recursive: true, force: true });
      uploads.delete(uploadId);
    },
  };
}
