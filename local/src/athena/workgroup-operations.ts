import type { Clock } from '../core/clock';
import type { Input } from '../glue/input';
import { pageOf } from '../glue/page';
import { invalidRequest } from './athena-error';
import type { NamedQueries } from './named-queries';
import type { AthenaOperation } from './operation';
import type { PreparedStatements } from './prepared-statements';
import { ENGINE_VERSION } from './query-execution';
import type { WorkgroupRecord, Workgroups } from './workgroups';

const MOST_LISTED = 50;
const SMALLEST_CUTOFF_BYTES = 10_000_000;
const STATES = ['ENABLED', 'DISABLED'] as const;

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroup.html */
export function workgroupOperations(
  workgroups: Workgroups,
  namedQueries: NamedQueries,
  preparedStatements: PreparedStatements,
  clock: Clock,
): Record<string, AthenaOperation> {
  return {
    CreateWorkGroup(input, { allow }) {
      const name = input.string('Name');
      allow('CreateWorkGroup', name);
      if (!/^[\w.-]{1,128}$/.test(name)) {
        throw invalidRequest(
          `Name ${name} must be of up to 128 letters, digits, '.', '_' and '-'.`,
        );
      }
      const configuration = input.optionalObject('Configuration');
      const result = configuration?.optionalObject('ResultConfiguration');
      workgroups.create({
        name,
        state: 'ENABLED',
        description: input.optionalString('Description'),
        enforceConfiguration:
          configuration?.optionalBoolean('EnforceWorkGroupConfiguration') ?? true,
        outputLocation: result && readOutputLocation(result),
        bytesScannedCutoff: configuration && readCutoff(configuration),
        createdAt: clock.now(),
      });
      return {};
    },

    GetWorkGroup(input, { allow }) {
      const name = input.string('WorkGroup');
      allow('GetWorkGroup', name);
      return { WorkGroup: describeWorkgroup(workgroups.get(name)) };
    },

    ListWorkGroups(input, { allow }) {
      allow('ListWorkGroups', '*');
      const all = workgroups.all();
      const page = pageOf(
        all,
        ({ name }) => name,
        input,
        MOST_LISTED,
        (m) => invalidRequest(m),
      );
      return {
        WorkGroups: page.items.map(({ name, state, description, createdAt }) => ({
          Name: name,
          State: state,
          Description: description,
          CreationTime: createdAt / 1000,
          EngineVersion: ENGINE_VERSION,
        })),
        NextToken: page.NextToken,
      };
    },

    UpdateWorkGroup(input, { allow }) {
      const name = input.string('WorkGroup');
      allow('UpdateWorkGroup', name);
      const old = workgroups.get(name);
      workgroups.put({
        ...old,
        ...readUpdates(input.optionalObject('ConfigurationUpdates'), old),
        description: input.optionalString('Description') ?? old.description,
        state: input.oneOf('State', STATES) ?? old.state,
      });
      return {};
    },

    DeleteWorkGroup(input, { allow }) {
      const name = input.string('WorkGroup');
      allow('DeleteWorkGroup', name);
      const queries = namedQueries.all().filter(({ workgroup }) => workgroup === name);
      const statements = preparedStatements.all(name);
      const isEmpty = queries.length + statements.length === 0;
      if (!isEmpty && input.optionalBoolean('RecursiveDeleteOption') !== true) {
        throw invalidRequest(`WorkGroup ${name} is not empty.`);
      }
      workgroups.delete(name);
      for (const { id } of queries) namedQueries.delete(id);
      for (const statement of statements) preparedStatements.delete(name, statement.name);
      return {};
    },
  };
}

function readUpdates(updates: Input | undefined, old: WorkgroupRecord): Partial<WorkgroupRecord> {
  if (!updates) return {};
  const result = updates.optionalObject('ResultConfigurationUpdates');
  const keepsOutput = result?.optionalBoolean('RemoveOutputLocation') !== true;
  const keepsCutoff = updates.optionalBoolean('RemoveBytesScannedCutoffPerQuery') !== true;
  return {
    enforceConfiguration:
      updates.optionalBoolean('EnforceWorkGroupConfiguration') ?? old.enforceConfiguration,
    outputLocation:
      (result && readOutputLocation(result)) ?? (keepsOutput ? old.outputLocation : undefined),
    bytesScannedCutoff: readCutoff(updates) ?? (keepsCutoff ? old.bytesScannedCutoff : undefined),
  };
}

/** Of a ResultConfiguration: an S3 URI with a slash at its end. */
export function readOutputLocation(result: Input): string | undefined {
  const location = result.optionalString('OutputLocation');
  if (location === undefined || location === '') return undefined;
  if (!/^s3:\/\/[^/]+(?:\/|$)/.test(location)) {
    throw invalidRequest(`outputLocation ${location} is not a valid S3 path.`);
  }
  return location.replace(/\/?$/, '/');
}

function readCutoff(configuration: Input): number | undefined {
  return configuration.optionalInteger(
    'BytesScannedCutoffPerQuery',
    SMALLEST_CUTOFF_BYTES,
    Number.MAX_SAFE_INTEGER,
  );
}

function describeWorkgroup(workgroup: WorkgroupRecord): object {
  return {
    Name: workgroup.name,
    State: workgroup.state,
    Description: workgroup.description,
    CreationTime: workgroup.createdAt / 1000,
    Configuration: {
      EnforceWorkGroupConfiguration: workgroup.enforceConfiguration,
      ResultConfiguration: { OutputLocation: workgroup.outputLocation },
      PublishCloudWatchMetricsEnabled: false,
      BytesScannedCutoffPerQuery: workgroup.bytesScannedCutoff,
      RequesterPaysEnabled: false,
      EngineVersion: ENGINE_VERSION,
    },
  };
}
