import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { AwsContext } from '../core/aws-context';

/** The objects that results are kept in. */
export interface ResultObjects {
  bucketExists(uri: string): Promise<boolean>;
  /** Uploads a file. */
  putFile(uri: string, path: string, contentType: string): Promise<void>;
  putText(uri: string, text: string, contentType: string): Promise<void>;
  /** The object from a byte on, to be read or destroyed; undefined where there is none. */
  read(uri: string, from: number): Promise<Readable | undefined>;
  close(): void;
}

/** Results in the local S3, by its API: they are objects as any other, with their events. */
export function openResultObjects(context: AwsContext): ResultObjects {
  // The endpoint is known once the server listens.
  let opened: S3Client | undefined;
  const client = (): S3Client =>
    (opened ??= new S3Client({
      endpoint: context.endpoint(),
      region: context.region,
      credentials: { accessKeyId: 'athena', secretAccessKey: 'athena' },
      forcePathStyle: true,
    }));

  const put = async (
    uri: string,
    body: { Body: Readable | string; ContentLength: number; ContentType: string },
  ): Promise<void> => {
    await client().send(new PutObjectCommand({ ...splitUri(uri), ...body }));
  };

  return {
    async bucketExists(uri) {
      try {
        await client().send(new HeadBucketCommand({ Bucket: splitUri(uri).Bucket }));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    putFile: (uri, path, ContentType) =>
      put(uri, {
        Body: createReadStream(path),
        ContentLength: statSync(path).size,
        ContentType,
      }),
    putText: (uri, text, ContentType) =>
      put(uri, { Body: text, ContentLength: Buffer.byteLength(text), ContentType }),
    async read(uri, from) {
      try {
        // An empty object has no range at all.
        const Range = from === 0 ? undefined : `bytes=${from}-`;
        const { Body } = await client().send(new GetObjectCommand({ ...splitUri(uri), Range }));
        return Body as Readable;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    close: () => opened?.destroy(),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

export function splitUri(uri: string): { Bucket: string; Key: string } {
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  return { Bucket, Key };
}

/** The ARN that leave to use the object is asked for. */
export function objectArn(uri: string): string {
  const { Bucket, Key } = splitUri(uri);
  return `arn:aws:s3:::${Bucket}/${Key}`;
}
