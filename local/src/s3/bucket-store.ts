import { mkdirSync, readdirSync, rmSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock';
import { DurableMap } from '../core/durable-map';
import { s3Error } from './s3-error';

export interface BucketConfig {
  name: string;
  /** Whether its events go to EventBridge: NotificationConfiguration.EventBridgeConfiguration. */
  eventBridge: boolean;
}

/** A bucket that exists. */
export interface Bucket extends BucketConfig {
  /** Milliseconds since the epoch. */
  createdAt: number;
}

export interface BucketStore {
  list(): Bucket[];
  has(name: string): boolean;
  /** The bucket; throws NoSuchBucket. */
  require(name: string): Bucket;
  /** Creates a bucket or gives an existing one this configuration; throws InvalidBucketName. */
  put(config: BucketConfig): void;
  /** Removes a bucket; throws BucketNotEmpty while any file lies in its folder. */
  delete(name: string): void;
  folder(name: string): string;
}

export function openBucketStore(options: {
  configFolder: string;
  /** Folder with one folder of objects a bucket. */
  objectFolder: string;
  recordFolder: string;
  clock: Clock;
}): BucketStore {
  const buckets = new DurableMap<Bucket>(options.configFolder);
  const folder = (name: string): string => join(options.objectFolder, name);
  const require = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (!bucket) throw s3Error('NoSuchBucket', undefined, { BucketName: name });
    return bucket;
  };
  return {
    list: () =>
      buckets
        .entries()
        .map(([, bucket]) => bucket)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    has: (name) => buckets.get(name) !== undefined,
    require,
    put({ name, eventBridge }) {
      checkBucketName(name);
      mkdirSync(folder(name), { recursive: true });
      const createdAt = buckets.get(name)?.createdAt ?? options.clock.now();
      buckets.set(name, { name, eventBridge, createdAt });
    },
    delete(name) {
      require(name);
      if (holdsFiles(folder(name)))
        throw s3Error('BucketNotEmpty', undefined, { BucketName: name });
      buckets.delete(name);
      rmSync(folder(name), { recursive: true, force: true });
      rmSync(join(options.recordFolder, name), { recursive: true, force: true });
    },
    folder,
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (valid) return;
  throw s3Error(
    'InvalidBucketName',
    `${name} is not 3 to 63 lower-case letters, digits, dots and hyphens between letters or digits.`,
    { BucketName: name },
  );
}

// Also files that are no objects: a person's work is not deleted with a bucket.
function holdsFiles(folder: string): boolean {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  return entries.some((entry) => !entry.isDirectory() || holdsFiles(join(folder, entry.name)));
}
