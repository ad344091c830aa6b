import { join } from 'node:path';
import { functionNameOf } from '@saleslake/shared/lake/dead-letter';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { LOCAL_STAGE } from '../local-names';
import {
  findQueue,
  listDeadLetterQueues,
  lookAtMessages,
  type DeadLetterQueue,
} from '../operate/dead-letter-queues';
import type { DeadMessage } from '../operate/letter';
import { redriveQueue } from '../operate/redrive';
import { formatTable } from '../query/format-result';
import type { Stage } from '../stage';
import type { Project } from './project';
import { age, answer, cut, formatCount, moment, plural, remark, step } from './terminal';
import { withStage } from './with-stage';

const LOOKED_AT = 50;
const SHOWN = 60;

/** `saleslake dlq list`: what failed for good, by queue, or message by message of one queue. */
export async function list(
  project: Project,
  { stage, queue, max }: { stage: string; queue?: string; max: number },
): Promise<void> {
  await withStage(
    project,
    stage,
    async (found) => {
      const queues = await listDeadLetterQueues(found);
      if (queue === undefined) {
        answer(await queuesTable(found, queues));
        return;
      }
      const named = findQueue(queues, found, queue);
      const messages = await lookAtMessages(found, named, max);
      answer(messagesTable(messages));
      const more = named.messages - messages.length;
      if (more > 0) remark(`… and about ${formatCount(more)} more: --max shows more.`);
      for (const hint of whereToLook(project, found, messages)) remark(hint);
    },
    { working: false },
  );
}

export interface RedriveOptions {
  stage: string;
  queue?: string;
  all: boolean;
  max?: number;
}

/**
 * `saleslake dlq redrive`: tries again what failed.
 * @returns whether all could be handed over.
 */
export async function redrive(
  project: Project,
  { stage, queue, all, max }: RedriveOptions,
): Promise<boolean> {
  if (queue === undefined && !all) {
    throw new SaleslakeError('NothingNamed', 'Say which: --queue <name>, or --all.');
  }
  return withStage(
    project,
    stage,
    async (found) => {
      const queues = await listDeadLetterQueues(found);
      const chosen = queue === undefined ? queues : [findQueue(queues, found, queue)];
      const filled = chosen.filter(({ messages }) => messages > 0);
      if (filled.length === 0) remark('Nothing waits to be redriven.');
      let allDone = true;
      for (const each of filled) {
        const redriving = step(each.name);
        const { redriven, failures } = await redriveQueue(found, each, {
          ...(max !== undefined && { most: max }),
          progress: (done, of) => redriving.update(`${formatCount(done)} of ${formatCount(of)}`),
        });
        redriving.done(`${plural(redriven, 'message')} redriven, ${failures.length} left`);
        for (const { id, about, reason } of failures) {
          // A move of the whole queue names no single message.
          const which = [each.name, id, about].filter((word) => word !== '').join(' ');
          answer(`${which}: ${reason}\n`);
        }
        allDone &&= failures.length === 0;
      }
      return allDone;
    },
    { working: true },
  );
}

async function queuesTable(stage: Stage, queues: readonly DeadLetterQueue[]): Promise<string> {
  const now = Date.now();
  const rows = await Promise.all(
    queues.map(async (queue) => {
      const [first, ...rest] = await lookAtMessages(stage, queue, LOOKED_AT);
      const others = new Set(rest.map(subjectOf).filter((of) => first && of !== subjectOf(first)));
      return [
        queue.name,
        formatCount(queue.messages),
        first ? age(now - first.sentAt.getTime()) : '',
        (first ? cut(subjectOf(first), SHOWN) : '') + (others.size > 0 ? `, +${others.size}` : ''),
        first ? cut(first.reason ?? 'see --queue', SHOWN) : '',
      ];
    }),
  );
  return formatTable({
    columns: ['queue', 'messages', 'oldest', 'of', 'first reason'].map((name) => ({
      name,
      numeric: name === 'messages' || name === 'oldest',
    })),
    rows,
  });
}

/** Whom a message is of, shorter than what it is about. */
function subjectOf({ letter, about }: DeadMessage): string {
  return letter.kind === 'invocation' ? functionNameOf(letter.functionArn) : about;
}

function messagesTable(messages: readonly DeadMessage[]): string {
  return formatTable({
    columns: ['id', 'about', 'tried', 'sent', 'reason'].map((name) => ({
      name,
      numeric: name === 'tried',
    })),
    rows: messages.map(({ id, about, attempts, sentAt, reason }) => [
      id,
      about,
      attempts === undefined ? '' : String(attempts),
      moment(sentAt),
      reason === undefined ? "in the function's log" : cut(reason, 2 * SHOWN),
    ]),
  });
}

/** Where the reasons are that messages do not carry: in the log of who could not handle them. */
function whereToLook(project: Project, stage: Stage, messages: readonly DeadMessage[]): string[] {
  const silent = messages.find(({ reason }) => reason === undefined);
  if (!silent) return [];
  // Objects of the raw zone are the transformer's, and no other function reads a queue.
  const name = `saleslake-transformer-${stage.name}-transform`;
  const key =
    silent.letter.kind === 'queued' ? (silent.letter.object?.key ?? silent.id) : silent.id;
  if (stage.name === LOCAL_STAGE) {
    return [`Why: grep -F '${key}' ${join(project.stateDir, 'logs', `${name}.log`)}`];
  }
  return [
    `Why: aws logs filter-log-events --log-group-name /aws/lambda/${name} ` +
      `--filter-pattern '"${key}"' --start-time ${silent.sentAt.getTime()}`,
  ];
}
