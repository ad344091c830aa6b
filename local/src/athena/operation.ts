import type { AwsContext } from '../core/aws-context';
import type { JsonOperation } from '../core/json-protocol';
import { readInput, type Input } from '../glue/input';
import { invalidRequest } from './athena-error';

/** Who asks. */
export interface Caller {
  accessKeyId: string | undefined;
  /** Throws AccessDenied where the caller may not do `athena:<action>` on a workgroup. */
  allow: (action: string, workgroup: string) => void;
  /** The same on the data catalog. */
  allowCatalog: (action: string) => void;
  /** The same of an S3 object and of any action. */
  allowOn: (action: string, arn: string) => void;
}

export type AthenaOperation = (input: Input, caller: Caller) => object | Promise<object>;

/** The Glue Data Catalog, the only one there is. */
export const CATALOG = 'AwsDataCatalog';

/**
 * Operations as the protocol takes them.
 * https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html
 */
export function athenaOperations(
  context: AwsContext,
  operations: Record<string, AthenaOperation>,
): Record<string, JsonOperation> {
  const arn = `arn:aws:athena:${context.region}:${context.accountId}:`;
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, JsonOperation] => [
      name,
      (raw, { accessKeyId }) => {
        const allowOn = (action: string, resource: string): void =>
          context.authorize(accessKeyId, action, resource);
        return operation(readInput(raw, invalidRequest), {
          accessKeyId,
          allow: (action, workgroup) => allowOn(`athena:${action}`, `${arn}workgroup/${workgroup}`),
          allowCatalog: (action) => allowOn(`athena:${action}`, `${arn}datacatalog/${CATALOG}`),
          allowOn,
        });
      },
    ]),
  );
}

/** Throws where the request names another catalog. */
export function checkCatalog(name: string): void {
  if (name.toLowerCase() === CATALOG.toLowerCase()) return;
  throw invalidRequest(`Catalog ${name} is not found: there is ${CATALOG}.`, 'CATALOG_NOT_FOUND');
}
