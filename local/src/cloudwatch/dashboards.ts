import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { DurableMap } from '../core/durable-map';
import { fileKey } from '../eventbridge/file-key';
import type { CloudWatchOperation } from './operation';
import { pageOf } from './parameters';

interface Dashboard {
  name: string;
  /** JSON. */
  body: string;
  modifiedAt: number;
  /** As its template has it: what people change holds until that changes. */
  declared?: string;
}

export interface Dashboards {
  /** Makes a dashboard of a template, or takes over what changed in it. */
  declare(name: string, body: unknown): void;
  operations: Record<string, CloudWatchOperation>;
}

const MOST_LISTED = 1000;

/** Opens the dashboards kept in `<stateDir>/cloudwatch/dashboards`; nothing here draws them. */
export function openDashboards({ stateDir, accountId, clock }: AwsContext): Dashboards {
  const kept = new DurableMap<Dashboard>(join(stateDir, 'cloudwatch', 'dashboards'));
  const find = (name: string): Dashboard | undefined => kept.get(fileKey(name));
  const arnOf = (name: string): string => `arn:aws:cloudwatch::${accountId}:dashboard/${name}`;
  const all = (): Dashboard[] =>
    kept
      .entries()
      .map(([, dashboard]) => dashboard)
      .sort((a, b) => (a.name < b.name ? -1 : 1));

  function get(name: string): Dashboard {
    const found = find(name);
    if (found) return found;
    throw new AwsError('DashboardNotFoundError', `Dashboard ${name} does not exist`, 404);
  }

  return {
    declare(name, body) {
      const declared = JSON.stringify(body);
      if (find(name)?.declared === declared) return;
      kept.set(fileKey(name), { name, body: declared, modifiedAt: clock.now(), declared });
    },

    operations: {
      PutDashboard: (input, caller) => {
        const name = input.string('DashboardName');
        caller.allow('PutDashboard', arnOf(name));
        const body = input.string('DashboardBody');
        checkBody(body);
        const declared = find(name)?.declared;
        kept.set(fileKey(name), { name, body, modifiedAt: clock.now(), declared });
        return { DashboardValidationMessages: [] };
      },

      GetDashboard: (input, caller) => {
        const name = input.string('DashboardName');
        caller.allow('GetDashboard', arnOf(name));
        return {
          DashboardArn: arnOf(name),
          DashboardName: name,
          DashboardBody: get(name).body,
        };
      },

      ListDashboards: (input, caller) => {
        caller.allow('ListDashboards');
        const prefix = input.optionalString('DashboardNamePrefix') ?? '';
        const listed = all().filter(({ name }) => name.startsWith(prefix));
        const { page, NextToken } = pageOf(input, listed, ({ name }) => name, MOST_LISTED);
        return {
          DashboardEntries: page.map(({ name, body, modifiedAt }) => ({
            DashboardName: name,
            DashboardArn: arnOf(name),
            LastModified: modifiedAt / 1000,
            Size: Buffer.byteLength(body),
          })),
          NextToken,
        };
      },

      DeleteDashboards: (input, caller) => {
        const names = input.strings('DashboardNames');
        for (const name of names) caller.allow('DeleteDashboards', arnOf(name));
        for (const name of names) get(name);
        for (const name of names) kept.delete(fileKey(name));
        return {};
      },
    },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function checkBody(body: string): void {
  let problem: string;
  try {
    const value = JSON.parse(body) as { widgets?: unknown } | null;
    if (typeof value === 'object' && Array.isArray(value?.widgets)) return;
    problem = 'Should have a list of widgets';
  } catch (error) {
    problem = (error as Error).message;
  }
  throw new AwsError(
    'DashboardInvalidInputError',
    `The field DashboardBody must be a valid JSON object: ${problem}.`,
    400,
    { dashboardValidationMessages: [{ DataPath: '/', Message: problem }] },
  );
}
