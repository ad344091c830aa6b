import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Faults } from './faults';
import { stopProcess } from './stop-process';

// <prefix><stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><extension>
const OBJECT_NAME =
  /([^/]+)-\d+-\d{4}(?:-\d\d){5}-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[^/]*$/;

/**
 * A client for Firehose that now and then delivers the records of an object twice, in a second
 * object of another name, as Firehose does where S3's answer is lost.
 * https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
 */
export function deliverObjectsUnderFaults(faults: Faults, client: S3Client): S3Client {
  const send = client.send.bind(client) as (command: PutObjectCommand) => Promise<unknown>;
  return Object.assign(client, {
    async send(command: PutObjectCommand) {
      const { Key = '' } = command.input;
      const [, streamName, uuid] = OBJECT_NAME.exec(Key) ?? [];
      if (streamName === undefined || uuid === undefined) return send(command);
      const ordered = faults.meet('firehose:deliver', streamName);
      const kind = ordered?.fault.kind;
      if (kind === 'stop-process') {
        ordered?.strike();
        stopProcess();
      }
      const answer = await send(command);
      if (ordered) {
        ordered.strike();
        if (kind === 'stop-process-after') stopProcess();
        const again = { ...command.input, Key: Key.replace(uuid, randomUUID()) };
        await send(new PutObjectCommand(again));
      }
      return answer;
    },
  });
}
