import type { SNSMessage } from 'aws-lambda';
import type { Alert } from './webhook-body';

/** The alert in a notification of the topic: one of ours, or of the alarm that alerting fails. */
export function alertOf({ Subject, Message, MessageAttributes }: SNSMessage): Alert {
  const state = MessageAttributes['state']?.Value;
  if (state !== undefined) return { subject: Subject ?? 'Alert', text: Message, state };
  const alarm = cloudWatchAlarm(Message);
  return {
    subject: Subject ?? 'Alert',
    text: alarm
      ? [alarm.AlarmName, alarm.AlarmDescription, '', alarm.NewStateReason]
          .filter((line) => typeof line === 'string')
          .join('\n')
      : Message,
    state: alarm?.NewStateValue ?? 'ALARM',
  };
}

interface CloudWatchAlarm {
  AlarmName: string;
  AlarmDescription?: string | null;
  NewStateValue: string;
  NewStateReason?: string;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
function cloudWatchAlarm(message: string): CloudWatchAlarm | undefined {
  try {
    const alarm = JSON.parse(message) as Partial<CloudWatchAlarm> | null;
    return typeof alarm?.AlarmName === 'string' && typeof alarm.NewStateValue === 'string'
      ? (alarm as CloudWatchAlarm)
      : undefined;
  } catch {
    // Not an alarm's: people can publish to the topic too.
    return undefined;
  }
}
