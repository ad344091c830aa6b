/** One measurement, or several of one moment. */
export interface MetricDatum {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  /** With `counts`, how often each of `values` was measured; otherwise once each. */
  values: number[];
  counts?: number[];
  /** As CloudWatch spells it: Count, Bytes, Milliseconds, Seconds, Percent, None. */
  unit?: string;
  /** Milliseconds since the epoch; now where it is left out. */
  at?: number;
}

/** Takes a measurement. A kill loses at most those of the last second. */
export type Measure = (datum: MetricDatum) => void;
