import type { ReplayedObject, ReplayOptions } from '../operate/replay-objects';
import { formatCount, step } from './terminal';

/** Tells a person how touching and transforming objects goes on. */
export function replaySteps(): { progress: ReplayOptions['progress']; done(): void } {
  let current: { phase: string; step: ReturnType<typeof step>; detail: string } | undefined;
  const done = (): void => {
    current?.step.done(current.detail);
    current = undefined;
  };
  return {
    progress(phase, count, of) {
      if (current?.phase !== phase) {
        done();
        const title = phase === 'touched' ? 'Touch raw objects' : 'Transform them again';
        current = { phase, step: step(title), detail: '' };
      }
      current.detail = `${formatCount(count)} of ${formatCount(of)}`;
      current.step.update(current.detail);
    },
    done,
  };
}

/** A line for each object that was to be done again and was not; none where all were. */
export function describeUndone(objects: readonly ReplayedObject[]): string {
  const why = ({ state, reason }: ReplayedObject): string | undefined => {
    if (state === 'gone') return 'is not in the raw zone any more';
    if (state === 'refused') return `cannot be touched: ${reason}`;
    if (state === 'waiting') {
      return 'is not transformed yet: saleslake dlq list shows what failed for good';
    }
    return undefined;
  };
  return objects
    .map((object) => ({ object, reason: why(object) }))
    .filter(({ reason }) => reason !== undefined)
    .map(({ object, reason }) => `${object.key} ${reason}\n`)
    .join('');
}
