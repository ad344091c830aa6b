import type { AwsContext } from '../core/aws-context';
import type { JsonOperation } from '../core/json-protocol';
import { entityNotFound, invalidInput } from './glue-error';
import { readInput, type Input } from './input';

/** Throws AccessDenied where the caller may not do `action` on a resource such as `table/db/t`. */
export type Allow = (action: string, ...resources: string[]) => void;

export type GlueOperation = (input: Input, allow: Allow) => object;

/**
 * Operations as the protocol takes them. There is one catalog, the account's.
 * https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
 */
export function glueOperations(
  context: AwsContext,
  operations: Record<string, GlueOperation>,
): Record<string, JsonOperation> {
  const arn = `arn:aws:glue:${context.region}:${context.accountId}:`;
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, JsonOperation] => [
      name,
      (raw, { accessKeyId }) => {
        const input = readInput(raw, invalidInput);
        const catalogId = input.optionalString('CatalogId') ?? context.accountId;
        if (catalogId !== context.accountId) {
          throw entityNotFound(`Catalog ${catalogId} not found: there is ${context.accountId}.`);
        }
        return operation(input, (action, ...resources) => {
          for (const resource of resources) {
            context.authorize(accessKeyId, `glue:${action}`, arn + resource);
          }
        });
      },
    ]),
  );
}

/** What a database's operations are allowed on: it and the catalog that it is in. */
export function databaseResources(name: string): string[] {
  return ['catalog', `database/${name.toLowerCase()}`];
}

export function tableResources(databaseName: string, name: string): string[] {
  return [
    ...databaseResources(databaseName),
    `table/${databaseName.toLowerCase()}/${name.toLowerCase()}`,
  ];
}
