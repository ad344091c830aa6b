import { count, type FindEvidence } from './evidence';
import { overview } from './commands';

/** A queue whose oldest message has been waiting for long. */
export const findWaitingMessages: FindEvidence = ({ metric, reason }, { stage }) => {
  const queue = metric.dimensions['QueueName'] ?? '';
  const minutes = Math.floor((reason.value ?? 0) / 60);
  return Promise.resolve({
    headline: `waiting for ${count(minutes, 'minute')}`,
    facts: [
      `The oldest message in the queue ${queue} has been waiting for ${count(minutes, 'minute')}.`,
    ],
    whereabouts: ['The messages are in the queue and nothing is lost: they are only late.'],
    show: [overview(stage)],
    replay: [],
    afterwards: `The queue ${queue} has caught up.`,
    mark: '',
  });
};
