import type { Clock } from '../core/clock';
import type { Input } from '../glue/input';
import { pageOf } from '../glue/page';
import { invalidRequest } from './athena-error';
import type { AthenaOperation } from './operation';
import type { PreparedStatementRecord, PreparedStatements } from './prepared-statements';
import type { Workgroups } from './workgroups';

const MOST_LISTED = 50;

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_PreparedStatement.html */
export function preparedStatementOperations(
  statements: PreparedStatements,
  workgroups: Workgroups,
  clock: Clock,
): Record<string, AthenaOperation> {
  const read = (input: Input): PreparedStatementRecord => {
    const name = input.string('StatementName');
    if (!/^[A-Za-z_][\w@:]{0,255}$/.test(name)) {
      throw invalidRequest(
        `StatementName ${name} must be a letter or '_', then letters, digits, '_', '@' and ':'.`,
      );
    }
    return {
      name,
      workgroup: workgroups.get(input.string('WorkGroup')).name,
      sql: input.string('QueryStatement'),
      description: input.optionalString('Description'),
      modifiedAt: clock.now(),
    };
  };

  return {
    CreatePreparedStatement(input, { allow }) {
      const statement = read(input);
      const { workgroup, name } = statement;
      allow('CreatePreparedStatement', workgroup);
      if (statements.find(workgroup, name)) {
        throw invalidRequest(`PreparedStatement ${name} already exists in WorkGroup ${workgroup}.`);
      }
      statements.put(statement);
      return {};
    },

    GetPreparedStatement(input, { allow }) {
      const workgroup = input.string('WorkGroup');
      allow('GetPreparedStatement', workgroup);
      const statement = statements.get(workgroup, input.string('StatementName'));
      return {
        PreparedStatement: {
          StatementName: statement.name,
          QueryStatement: statement.sql,
          WorkGroupName: statement.workgroup,
          Description: statement.description,
          LastModifiedTime: statement.modifiedAt / 1000,
        },
      };
    },

    ListPreparedStatements(input, { allow }) {
      const { name: workgroup } = workgroups.get(input.string('WorkGroup'));
      allow('ListPreparedStatements', workgroup);
      const all = statements.all(workgroup);
      const page = pageOf(
        all,
        ({ name }) => name,
        input,
        MOST_LISTED,
        (m) => invalidRequest(m),
      );
      return {
        PreparedStatements: page.items.map(({ name, modifiedAt }) => ({
          StatementName: name,
          LastModifiedTime: modifiedAt / 1000,
        })),
        NextToken: page.NextToken,
      };
    },

    UpdatePreparedStatement(input, { allow }) {
      const statement = read(input);
      allow('UpdatePreparedStatement', statement.workgroup);
      const old = statements.get(statement.workgroup, statement.name);
      statements.put({ ...statement, description: statement.description ?? old.description });
      return {};
    },

    DeletePreparedStatement(input, { allow }) {
      const workgroup = input.string('WorkGroup');
      allow('DeletePreparedStatement', workgroup);
      statements.delete(workgroup, input.string('StatementName'));
      return {};
    },
  };
}
