/** Bytes in memory, or in a file of so many bytes. */
export type StoredBody = Uint8Array | { path: string; size: number };

/** What is known of an output without reading it. */
export interface StoredOutput {
  etag: string;
  /** The version of the source object that it was written from. */
  sequencer?: string;
}

/**
 * The curated bucket as the publishing of a version needs it. Reads see every write that was
 * answered before, as S3 promises: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
export interface ConditionalStore {
  read(key: string): Promise<{ etag: string; text: string } | undefined>;
  head(key: string): Promise<StoredOutput | undefined>;
  /**
   * Writes only where the key still has this ETag, or where undefined is expected, still no object.
   * @returns the new ETag, or undefined where the condition did not hold.
   */
  put(
    key: string,
    body: StoredBody,
    expected: string | undefined,
    sequencer: string,
  ): Promise<string | undefined>;
}
