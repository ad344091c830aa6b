/** What a way of converting did with a file. */
export interface Conversion {
  rows: number;
  /** Of all files written; 0 where nothing is. */
  bytes: number;
}

/**
 * A way of turning a file of JSON lines into Parquet. Each bundle in this folder exports one as
 * `open`: what it does once, and then the conversion, which may be called again and again.
 */
export type Candidate = () => Promise<
  (input: string, outputFolder: string) => Conversion | Promise<Conversion>
>;
