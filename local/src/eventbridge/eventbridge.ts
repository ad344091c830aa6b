import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import type { Clock } from '../core/clock';
import { DurableMap } from '../core/durable-map';
import type { AwsEvent, PublishEvent } from '../core/event';
import { compileEventPattern } from './event-pattern';
import { eventTime } from './event-time';
import { fileKey } from './file-key';
import { eventBridgeHandler } from './operations';
import type { RuleConfig, RuleTarget } from './rule';
import { latestTick, openSchedules } from './schedules';
import { compileTargetInput } from './target-input';

export interface EventBridge {
  handler: ServiceHandler;
  /**
   * Makes a rule, in place of one of the same ARN. Throws InvalidEventPatternException or
   * ValidationException where AWS would refuse it.
   */
  createRule(config: RuleConfig): void;
  publish: PublishEvent;
  /** Starts the schedules. */
  start(): void;
  stop(): void;
}

/** Message attributes of an event in a dead-letter queue. */
export type MessageAttributes = Record<string, { type: 'String' | 'Number'; value: string }>;

interface Rule {
  config: RuleConfig;
  matches: (event: AwsEvent) => boolean;
  targets: { target: RuleTarget; input: ReturnType<typeof compileTargetInput> }[];
}

/** A rule that was enabled or disabled by hand, which holds until its declaration changes. */
interface SwitchedRule {
  declared: RuleConfig['state'];
  state: RuleConfig['state'];
}

/**
 * The default event bus. `deliver` has durably handed the payload over when it returns and throws
 * an AwsError where there is no such target; the event then goes to the target's dead-letter
 * queue if it has one. Schedules run on `scheduleClock`, everything else on the context's clock.
 */
export function openEventBridge(
  context: AwsContext,
  deliver: (targetArn: string, payload: string, attributes?: MessageAttributes) => void,
  scheduleClock: Clock = context.clock,
): EventBridge {
  const rules = new Map<string, Rule>();
  const switched = new DurableMap<SwitchedRule>(join(context.stateDir, 'events', 'switched'));
  const schedules = openSchedules(schedulesFolder(context.stateDir), scheduleClock, fireSchedule);

  function publish(event: AwsEvent): void {
    for (const rule of rules.values()) {
      if (rule.config.state === 'ENABLED' && rule.matches(event)) deliverToAll(rule, event);
    }
  }

  function fireSchedule(ruleArn: string, tick: number): void {
    const rule = rules.get(ruleArn);
    if (rule?.config.state !== 'ENABLED') return;
    deliverToAll(rule, {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: context.accountId,
      time: eventTime(tick),
      region: context.region,
      resources: [ruleArn],
      detail: {},
    });
  }

  function deliverToAll(rule: Rule, event: AwsEvent): void {
    const ingestedAt = eventTime(context.clock.now());
    const subject = rule.config.name;
    const detail = `${event['detail-type']} from ${event.source}`;
    context.tell({ service: 'events', what: 'rule matched', subject, detail, level: 'debug' });
    for (const { target, input } of rule.targets) {
      const payload = input(event, ingestedAt);
      try {
        deliver(target.arn, payload);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        deliverToDeadLetterQueue(rule, target, event, error);
      }
    }
  }

  function deliverToDeadLetterQueue(
    rule: Rule,
    target: RuleTarget,
    event: AwsEvent,
    reason: AwsError,
  ): void {
    const activity = { service: 'events', subject: rule.config.name } as const;
    const lost = `${target.arn}: ${reason.message}`;
    if (target.deadLetterArn === undefined) {
      const detail = `event ${event.id} is lost, for there is no dead-letter queue; ${lost}`;
      context.tell({ ...activity, what: 'undeliverable', detail, level: 'error' });
      return;
    }
    try {
      // The event as it was, whatever input the target asked for, so that it can be replayed.
      deliver(
        target.deadLetterArn,
        JSON.stringify(event),
        deadLetterAttributes(rule.config, target, reason),
      );
      const detail = `event ${event.id} went to ${target.deadLetterArn}; ${lost}`;
      context.tell({ ...activity, what: 'dead letter', detail, level: 'warn' });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const detail = `event ${event.id} is lost; ${lost}; ${target.deadLetterArn}: ${error.message}`;
      context.tell({ ...activity, what: 'undeliverable', detail, level: 'error' });
    }
  }

  function createRule(config: RuleConfig): void {
    const { eventPattern, scheduleExpression } = config;
    if (!eventPattern && scheduleExpression === undefined) {
      throw new AwsError(
        'ValidationException',
        `Rule ${config.name} has neither EventPattern nor ScheduleExpression.`,
      );
    }
    const byHand = switched.get(fileKey(config.arn));
    const state = byHand?.declared === config.state ? byHand.state : config.state;
    const rule: Rule = {
      config: { ...config, state },
      matches: eventPattern ? compileEventPattern(eventPattern) : () => false,
      targets: config.targets.map((target) => ({
        target,
        input: compileTargetInput(config, target),
      })),
    };
    if (scheduleExpression !== undefined) schedules.add(config.arn, scheduleExpression);
    rules.set(config.arn, rule);
    if (byHand && byHand.declared !== config.state) switched.delete(fileKey(config.arn));
  }

  function setState(arn: string, state: RuleConfig['state']): void {
    const rule = rules.get(arn);
    if (!rule) throw new Error(`There is no rule ${arn}.`);
    const declared = switched.get(fileKey(arn))?.declared ?? rule.config.state;
    switched.set(fileKey(arn), { declared, state });
    rule.config = { ...rule.config, state };
  }

  const bus = { publish, setState, rules: () => [...rules.values()].map(({ config }) => config) };
  return {
    handler: eventBridgeHandler(context, bus),
    createRule,
    publish,
    start: () => schedules.start(),
    stop: () => schedules.stop(),
  };
}

/** See `latestTick`; of the state folder that `openEventBridge` was given in its context. */
export function latestScheduledTick(stateDir: string): number | undefined {
  return latestTick(schedulesFolder(stateDir));
}

function schedulesFolder(stateDir: string): string {
  return join(stateDir, 'events', 'schedules');
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function deadLetterAttributes(
  rule: RuleConfig,
  target: RuleTarget,
  reason: AwsError,
): MessageAttributes {
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: reason.code,
    ERROR_MESSAGE: reason.message,
  };
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { type: 'String', value }]),
  );
}
