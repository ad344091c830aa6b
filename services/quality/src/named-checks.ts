import {
  BatchGetNamedQueryCommand,
  paginateListNamedQueries,
  type AthenaClient,
} from '@aws-sdk/client-athena';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';

/** A query of the rows that violate what it asks. */
export interface Check {
  name: string;
  question: string;
  database: string;
  sql: string;
}

const PREFIX = 'quality/';
// https://docs.aws.amazon.com/athena/latest/APIReference/API_BatchGetNamedQuery.html
const MOST_AT_ONCE = 50;

/**
 * The named queries `quality/<name>` of a workgroup, in the order of their names.
 * @throws SaleslakeError where there is none, as then nothing would be checked.
 */
export async function namedChecks(client: AthenaClient, workgroup: string): Promise<Check[]> {
  const ids: string[] = [];
  for await (const page of paginateListNamedQueries({ client }, { WorkGroup: workgroup })) {
    ids.push(...(page.NamedQueryIds ?? []));
  }
  const checks: Check[] = [];
  while (ids.length > 0) {
    const { NamedQueries = [], UnprocessedNamedQueryIds: [unread] = [] } = await client.send(
      new BatchGetNamedQueryCommand({ NamedQueryIds: ids.splice(0, MOST_AT_ONCE) }),
    );
    if (unread) {
      throw new SaleslakeError(
        'NamedQueryNotRead',
        `The named query ${unread.NamedQueryId} could not be read: ${unread.ErrorMessage}`,
      );
    }
    for (const { Name = '', Description = '', Database = '', QueryString = '' } of NamedQueries) {
      if (!Name.startsWith(PREFIX)) continue;
      const name = Name.slice(PREFIX.length);
      checks.push({ name, question: Description, database: Database, sql: QueryString });
    }
  }
  if (checks.length === 0) {
    throw new SaleslakeError(
      'NoChecks',
      `The workgroup ${workgroup} has no named query ${PREFIX}…; the service lake deploys them.`,
    );
  }
  return checks.sort((a, b) => (a.name < b.name ? -1 : 1));
}
