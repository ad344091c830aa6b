import type { Alarm, StateReason } from '../alarm';
import type { Evidence } from './evidence';

/** What an alarm says of itself, for one of which nothing more is known. */
export function alarmItself({ name, metric }: Alarm, reason: StateReason, note?: string): Evidence {
  const value = reason.value?.toLocaleString('en-US', { maximumFractionDigits: 3 });
  const measured = metric && value !== undefined ? [`${metric.name} is ${value}`] : [];
  return {
    headline: measured[0] ?? 'see the alarm',
    facts: note === undefined ? measured : [...measured, note],
    whereabouts: [],
    show: [`aws cloudwatch describe-alarms --alarm-names ${name}`],
    replay: [],
    afterwards: 'The metric is back within its threshold.',
    mark: '',
  };
}
