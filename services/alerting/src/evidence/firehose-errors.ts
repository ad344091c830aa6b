import { GetObjectCommand } from '@aws-sdk/client-s3';
import {
  FIREHOSE_ERRORS_PREFIX,
  listFirehoseErrors,
  type FirehoseErrorFile,
} from '@saleslake/shared/lake/firehose-errors';
import { dayOf, saleslake } from './commands';
import { count, firstOf, SHOWN, type FindEvidence, type Sources } from './evidence';
import { safeKey } from './safe-text';

/** What Firehose could not use, which it keeps under `firehose-errors/<table>/<why>/`. */
export const findFirehoseErrors: FindEvidence = async ({ metric, reason, since }, sources) => {
  const { curatedBucket, stage } = sources;
  const streamName = metric.dimensions['DeliveryStreamName'];
  const table = streamName?.replace(`saleslake-${stage}-`, '').replaceAll('-', '_');
  // The reconciler counts all that wait, however long.
  const from = metric.name === 'FailedRecordObjects' ? undefined : since;
  const objects = await listErrors(table, from ?? 0, sources);
  const latest = objects.slice(-SHOWN).reverse();
  const codes = latest[0] ? await codesOf(latest[0].key, sources) : [];
  const tables = [...new Set(objects.map((each) => each.table))].sort();
  const measured =
    reason.value === undefined
      ? []
      : [
          `${metric.name} is ${reason.value.toLocaleString('en-US')}${streamName === undefined ? '' : ` for ${streamName}`}`,
        ];
  const whose = table === undefined ? '' : ` --table ${table}`;
  const found = objects.length > 0;
  // What cannot be delivered waits; what cannot be used is put aside.
  const waits = /^(?:Delivery|Backup)ToS3\./.test(metric.name);
  const replayed = metric.name === 'FailedRecordObjects';
  return {
    headline: found
      ? `${count(objects.length, 'object')} of failed records`
      : `${metric.name} ${reason.value ?? ''}`.trim(),
    facts: [
      ...measured,
      ...(found
        ? [`${count(objects.length, 'object')} under ${FIREHOSE_ERRORS_PREFIX}${table ?? ''}`]
        : []),
      ...(found || waits
        ? []
        : [`Nothing under ${FIREHOSE_ERRORS_PREFIX} yet: Firehose writes it some minutes later.`]),
      ...firstOf(
        latest.map(({ key }) => `- ${safeKey(key)}`),
        objects.length,
      ),
      ...codes.map((code) => `  first reason: ${code}`),
    ],
    whereabouts: [
      ...(waits ? ['Records that wait are in Firehose, which tries again for 24 hours.'] : []),
      ...(found
        ? [
            `Each failed record is in s3://${curatedBucket}/${FIREHOSE_ERRORS_PREFIX}, and in no table.`,
          ]
        : []),
      ...(waits
        ? []
        : ['All records, as they came, are under firehose-backup/ in the raw bucket.']),
    ],
    show: [
      saleslake(
        stage,
        `quarantine list${whose}${from === undefined ? '' : ` --since ${dayOf(from)}`}`,
      ),
    ],
    replay: tables.map((each) => saleslake(stage, `quarantine replay --table ${each}`)),
    afterwards: replayed
      ? `Nothing is left under ${FIREHOSE_ERRORS_PREFIX}.`
      : waits
        ? 'Firehose delivers again.'
        : `No more failures. What is under ${FIREHOSE_ERRORS_PREFIX} stays there until it is replayed.`,
    mark: objects.map(({ key }) => key).join('\n'),
  };
};

/** Those of a table, or of all, written since then, the oldest first. */
async function listErrors(
  table: string | undefined,
  since: number,
  { s3, curatedBucket, signal }: Sources,
): Promise<FirehoseErrorFile[]> {
  const found: FirehoseErrorFile[] = [];
  const which = { table, since: new Date(since), signal };
  for await (const file of listFirehoseErrors(s3, curatedBucket, which)) found.push(file);
  return found.sort((a, b) => a.lastModified.getTime() - b.lastModified.getTime());
}

/** Objects of Firehose may have 128 MB: the first lines must do. */
const FIRST_BYTES = 65_536;

/** The codes of the errors that the first lines of an error object tell. */
async function codesOf(Key: string, { s3, curatedBucket, signal }: Sources): Promise<string[]> {
  const Range = `bytes=0-${FIRST_BYTES - 1}`;
  const command = new GetObjectCommand({ Bucket: curatedBucket, Key, Range });
  const { Body } = await s3.send(command, { abortSignal: signal });
  const text = await Body!.transformToString();
  const codes = text.matchAll(/"(?:lastErrorCode|errorCode)":"([A-Za-z0-9._-]{1,80})"/g);
  return [...new Set([...codes].map(([, code = '']) => code))].slice(0, 2);
}
