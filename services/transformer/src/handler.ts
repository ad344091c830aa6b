// Most objects need it: it is loaded as the function starts, lest the first of them waits.
import '@saleslake/shared/decode/fast-decoder';
import { loadParquetWriter } from '@saleslake/shared/parquet/load-parquet-writer';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { choiceEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { createMeasure } from '@saleslake/shared/runtime/metrics';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseObjectCreated, type ObjectVersion } from './object-created';
import { measureOutcome } from './measure-outcome';
import { openRawObject } from './raw-object';
import { createS3ConditionalStore } from './s3-conditional-store';
import { transformObject } from './transform-object';

const logger = createLogger('transformer');
const measure = createMeasure('transformer');
const s3 = createS3Client();
const curated = createS3ConditionalStore(s3, requiredEnv('CURATED_BUCKET'));
const compression = choiceEnv('PARQUET_COMPRESSION', ['snappy', 'zstd', 'uncompressed']);
const loadedWriter = loadParquetWriter(choiceEnv('PARQUET_WRITER', ['fast', 'arrow']));

/** Transforms each object that the batch tells of, one after another: each may need all the memory. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const parquetWriter = await loadedWriter;
  const openRaw = (version: ObjectVersion) => openRawObject(s3, version);
  const dependencies = { openRaw, curated, parquetWriter, compression };
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body, attributes } of Records) {
    // As long as the message has not told which object it is about.
    logger.setCorrelationId(messageId);
    try {
      const version = parseObjectCreated(body);
      logger.setCorrelationId(version.key);
      const outcome = await transformObject(version, dependencies);
      const { rows, whole } = outcome.state === 'published' ? outcome.manifest : {};
      const attempt = Number(attributes.ApproximateReceiveCount);
      measureOutcome(measure, outcome, version, attempt, Date.now());
      logger.info(`object ${outcome.state}`, { sequencer: version.sequencer, rows, whole });
    } catch (error) {
      logger.error('object not transformed', error as Error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
