import type { Measure } from '../cloudwatch/metric-datum';
import { dataBytes } from './record';

/** Measures a delivery stream as Firehose does. */
export interface StreamMeter {
  put(name: string, value: number, unit?: string): void;
  /** How many records, and their bytes: `<name>Records` and `<name>Bytes`. */
  records(name: string, records: readonly { data: string }[]): void;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
export function streamMeter(measure: Measure | undefined, DeliveryStreamName: string): StreamMeter {
  const put = (name: string, value: number, unit = 'Count'): void =>
    measure?.({
      namespace: 'AWS/Firehose',
      name,
      dimensions: { DeliveryStreamName },
      values: [value],
      unit,
    });
  return {
    put,
    records(name, records) {
      if (!measure) return;
      const bytes = records.reduce((sum, record) => sum + dataBytes(record), 0);
      put(`${name}Records`, records.length);
      put(`${name}Bytes`, bytes, 'Bytes');
    },
  };
}
