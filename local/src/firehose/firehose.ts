import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { AwsRequest, ServiceHandler } from '../core/aws-request';
import { jsonProtocol } from '../core/json-protocol';
import { checkConfig } from './check-config';
import { checkRoles } from './check-roles';
import type { FirehoseConnections } from './connections';
import {
  openDeliveryStream,
  type DeliveryStream,
  type DeliveryStreamStatus,
} from './delivery-stream';
import type { DeliveryStreamConfig } from './delivery-stream-config';
import { describeDeliveryStream } from './describe-delivery-stream';
import { listDeliveryStreams } from './list-delivery-streams';
import { openPutQuota, putRate, type PutQuota } from './put-quota';
import { putRecord, putRecordBatch } from './put-records';

export type { FirehoseConnections } from './connections';
export type { DeliveryStreamStatus } from './delivery-stream';
export type { DeliveryStreamConfig } from './delivery-stream-config';

export interface Firehose {
  /** AWS JSON 1.1, `X-Amz-Target: Firehose_20150804.<operation>`. */
  handler: ServiceHandler;
  /**
   * Makes a delivery stream; what an earlier process left of it goes on. Throws InvalidArgumentException
   * for what Firehose refuses, and where a role does not allow what the stream needs.
   */
  createDeliveryStream(config: DeliveryStreamConfig): void;
  /** Begins to transform and to deliver, with what the last process left. */
  start(): void;
  /** Waits for what is under way; the rest is kept. */
  stop(): Promise<void>;
  /**
   * Delivers what is buffered now, as if every interval had passed; resolves when it is delivered,
   * or waits to be tried again. AWS has no such call.
   */
  flush(): Promise<void>;
  /**
   * Nothing is being transformed or delivered, or waits to be tried again, and no record of a data
   * stream waits to be taken in. What is buffered for its interval does not count.
   */
  idle(): boolean;
  deliveryStreams(): DeliveryStreamStatus[];
}

interface NamedStream {
  stream: DeliveryStream;
  quota: PutQuota;
}

/** Opens Firehose over `<stateDir>/firehose`. */
export function openFirehose(context: AwsContext, connections: FirehoseConnections): Firehose {
  const streams = new Map<string, NamedStream>();
  const all = (): DeliveryStream[] => [...streams.values()].map(({ stream }) => stream);

  /** The stream that a request names, where the caller may do that to it. */
  function named(
    action: string,
    { DeliveryStreamName: name }: Record<string, unknown>,
    request: AwsRequest,
  ): NamedStream {
    if (typeof name !== 'string') {
      throw new AwsError('ValidationException', 'DeliveryStreamName must be a string.');
    }
    const arn = `arn:aws:firehose:${context.region}:${context.accountId}:deliverystream/${name}`;
    context.authorize(request.accessKeyId, `firehose:${action}`, arn);
    const found = streams.get(name);
    if (found) return found;
    throw new AwsError(
      'ResourceNotFoundException',
      `Firehose ${name} under account ${context.accountId} not found.`,
    );
  }

  return {
    handler: jsonProtocol('1.1', {
      PutRecord(input, request) {
        const { stream, quota } = named('PutRecord', input, request);
        return putRecord(stream, quota, input);
      },
      PutRecordBatch(input, request) {
        const { stream, quota } = named('PutRecordBatch', input, request);
        return putRecordBatch(stream, quota, input);
      },
      DescribeDeliveryStream: (input, request) => ({
        DeliveryStreamDescription: describeDeliveryStream(
          named('DescribeDeliveryStream', input, request).stream,
        ),
      }),
      ListDeliveryStreams(input, request) {
        context.authorize(request.accessKeyId, 'firehose:ListDeliveryStreams', '*');
        return listDeliveryStreams(all(), input);
      },
    }),

    createDeliveryStream(config) {
      checkConfig(config.destination, connections);
      checkRoles(context, connections, config);
      if (streams.has(config.name)) {
        throw new AwsError('ResourceInUseException', `Firehose ${config.name} exists already.`);
      }
      streams.set(config.name, {
        stream: openDeliveryStream(context, connections, config),
        quota: openPutQuota(putRate(context.region), context.clock),
      });
    },

    start() {
      for (const stream of all()) stream.start();
    },

    async stop() {
      const stopped = await Promise.allSettled(all().map((stream) => stream.stop()));
      const failed = stopped.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },

    async flush() {
      await Promise.all(all().map((stream) => stream.flush()));
    },

    idle: () => all().every((stream) => stream.idle()),

    deliveryStreams: () => all().map((stream) => stream.status()),
  };
}
