import { DurableMap } from '../core/durable-map';
import type { AwsEvent, PublishEvent } from '../core/event';
import type { FileIdentity } from './file-identity';
import type { ObjectRef } from './s3-request';

/** An event of a change that may or may not have happened yet. */
export interface PendingEvent {
  object: ObjectRef;
  change: 'created' | 'deleted';
  /** The file that the change puts in the object's place, or takes out of it. */
  file: FileIdentity;
  event: AwsEvent;
}

/** Sees to it that every change's event is published, though the process be killed in between. */
export interface Outbox {
  /**
   * Makes a change and publishes its event, which is written down before the change and crossed
   * out after it was published. Where publishing throws, the event waits for `recover`.
   */
  announce(sequencer: string, pending: PendingEvent, change: () => void): void;
  /** Publishes, in their order, what a killed process left of changes that `happened`. */
  recover(happened: (pending: PendingEvent) => boolean): void;
}

export function openOutbox(folder: string, publish: PublishEvent): Outbox {
  const entries = new DurableMap<PendingEvent & { happened?: true }>(folder);
  return {
    announce(sequencer, pending, change) {
      entries.set(sequencer, pending);
      try {
        change();
      } catch (error) {
        entries.delete(sequencer);
        throw error;
      }
      try {
        publish(pending.event);
      } catch (error) {
        // The file may be another's by the time of recovery.
        entries.set(sequencer, { ...pending, happened: true });
        throw error;
      }
      entries.delete(sequencer);
    },
    recover(happened) {
      for (const [sequencer, pending] of entries.entries()) {
        if (pending.happened || happened(pending)) publish(pending.event);
        entries.delete(sequencer);
      }
    },
  };
}
