import { createHash } from 'node:crypto';
import type { Deployment } from './deployment';
import type { PropertyReader } from './property-reader';

/** The account and the place that templates are deployed to. */
export interface Environment {
  accountId: string;
  region: string;
  /** Such as `http://127.0.0.1:4566`: queue URLs begin with it. */
  endpoint: string;
}

/** What a resource type is given to plan one resource. */
export interface ResourceRequest {
  /** The reader's `finish` is called after the type has read. */
  properties: PropertyReader;
  environment: Environment;
  /** The folder that `sls package` wrote. */
  packageFolder: string;
  /** The name CloudFormation would make up, without its random part. */
  generatedName: string;
  /** What was planned so far, by this stack and those before; the resource is added to it. */
  deployment: Deployment;
}

/** What `Ref` and `Fn::GetAtt` of a resource give. */
export interface PlannedResource {
  ref: string;
  attributes?: Record<string, string>;
}

/** How a resource of one type is planned. Throws TemplateError for what is not emulated. */
export type ResourceType = (request: ResourceRequest) => PlannedResource;

/**
 * A name for a resource without one. AWS ends it in random characters; here it is the same each
 * time, so that state is found again after a restart.
 */
export function generatedName(stackName: string, logicalId: string): string {
  const unique = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex');
  return `${stackName}-${logicalId}`.slice(0, 50) + `-${unique.slice(0, 12)}`;
}

/** An ARN in this account and region. */
export function arnOf(environment: Environment, service: string, resource: string): string {
  return `arn:aws:${service}:${environment.region}:${environment.accountId}:${resource}`;
}
