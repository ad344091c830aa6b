import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { choiceEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseObjectCreated } from './object-created';
import { openRawObject } from './raw-object';
import { createS3ConditionalStore } from './s3-conditional-store';
import { transformObject, type TransformDependencies } from './transform-object';

const logger = createLogger('transformer');
const s3 = createS3Client();
const dependencies: TransformDependencies = {
  openRaw: (version) => openRawObject(s3, version),
  curated: createS3ConditionalStore(s3, requiredEnv('CURATED_BUCKET')),
  parquetWriter: { arrow: createArrowParquetFile }[choiceEnv('PARQUET_WRITER', ['arrow'])],
  compression: choiceEnv('PARQUET_COMPRESSION', ['snappy', 'zstd', 'uncompressed']),
};

/** Transforms each object that the batch tells of, one after another: each may need all the memory. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of Records) {
    // As long as the message has not told which object it is about.
    logger.setCorrelationId(messageId);
    try {
      const version = parseObjectCreated(body);
      logger.setCorrelationId(version.key);
      const outcome = await transformObject(version, dependencies);
      const { rows, whole } = outcome.state === 'published' ? outcome.manifest : {};
      logger.info(`object ${outcome.state}`, { sequencer: version.sequencer, rows, whole });
    } catch (error) {
      logger.error('object not transformed', error as Error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
