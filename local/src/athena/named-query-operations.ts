import { randomUUID } from 'node:crypto';
import { pageOf } from '../glue/page';
import { invalidRequest } from './athena-error';
import type { NamedQueries, NamedQueryRecord } from './named-queries';
import type { AthenaOperation } from './operation';
import { PRIMARY, type Workgroups } from './workgroups';

const MOST_LISTED = 50;

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_NamedQuery.html */
export function namedQueryOperations(
  namedQueries: NamedQueries,
  workgroups: Workgroups,
): Record<string, AthenaOperation> {
  return {
    CreateNamedQuery(input, { allow }) {
      const { name: workgroup } = workgroups.get(input.optionalString('WorkGroup') ?? PRIMARY);
      allow('CreateNamedQuery', workgroup);
      const clientRequestToken = input.optionalString('ClientRequestToken');
      const query: NamedQueryRecord = {
        id: randomUUID(),
        name: input.string('Name'),
        description: input.optionalString('Description'),
        database: input.string('Database'),
        sql: input.string('QueryString'),
        workgroup,
        clientRequestToken,
      };
      const earlier = namedQueries
        .all()
        .find((other) => clientRequestToken && other.clientRequestToken === clientRequestToken);
      if (!earlier) namedQueries.put(query);
      return { NamedQueryId: (earlier ?? query).id };
    },

    GetNamedQuery(input, { allow }) {
      const query = namedQueries.get(input.string('NamedQueryId'));
      allow('GetNamedQuery', query.workgroup);
      return { NamedQuery: describeNamedQuery(query) };
    },

    BatchGetNamedQuery(input, { allow }) {
      const ids = input.strings('NamedQueryIds');
      const found = ids.flatMap((id) => namedQueries.find(id) ?? []);
      for (const { workgroup } of found) allow('BatchGetNamedQuery', workgroup);
      return {
        NamedQueries: found.map(describeNamedQuery),
        UnprocessedNamedQueryIds: ids
          .filter((id) => !namedQueries.find(id))
          .map((id) => ({
            NamedQueryId: id,
            ErrorCode: 'INTERNAL_FAILURE',
            ErrorMessage: `NamedQuery ${id} was not found`,
          })),
      };
    },

    ListNamedQueries(input, { allow }) {
      const { name } = workgroups.get(input.optionalString('WorkGroup') ?? PRIMARY);
      allow('ListNamedQueries', name);
      const ids = namedQueries
        .all()
        .filter(({ workgroup }) => workgroup === name)
        .map(({ id }) => id);
      const page = pageOf(
        ids,
        (id) => id,
        input,
        MOST_LISTED,
        (m) => invalidRequest(m),
      );
      return { NamedQueryIds: page.items, NextToken: page.NextToken };
    },

    UpdateNamedQuery(input, { allow }) {
      const old = namedQueries.get(input.string('NamedQueryId'));
      allow('UpdateNamedQuery', old.workgroup);
      namedQueries.put({
        ...old,
        name: input.string('Name'),
        sql: input.string('QueryString'),
        description: input.optionalString('Description') ?? old.description,
      });
      return {};
    },

    DeleteNamedQuery(input, { allow }) {
      const { id, workgroup } = namedQueries.get(input.string('NamedQueryId'));
      allow('DeleteNamedQuery', workgroup);
      namedQueries.delete(id);
      return {};
    },
  };
}

function describeNamedQuery(query: NamedQueryRecord): object {
  return {
    NamedQueryId: query.id,
    Name: query.name,
    Description: query.description,
    Database: query.database,
    QueryString: query.sql,
    WorkGroup: query.workgroup,
  };
}
