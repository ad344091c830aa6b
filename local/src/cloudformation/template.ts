/**
 * A CloudFormation template as `sls package` compiles it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export interface Template {
  AWSTemplateFormatVersion?: string;
  Description?: string;
  Metadata?: unknown;
  Parameters?: Record<string, TemplateParameter>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, TemplateOutput>;
}

export interface TemplateParameter {
  Type: string;
  Default?: string | number;
}

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  Condition?: string;
}

export interface TemplateOutput {
  Value: unknown;
  Condition?: string;
  Export?: { Name: unknown };
}

/** Something in a template, or in how templates fit together, that cannot be deployed here. */
export class TemplateError extends Error {
  /** `where` names service and resource, such as `services/lake: resource RawBucket`. */
  constructor(where: string, what: string) {
    super(`${where} ${what}`);
    this.name = 'TemplateError';
  }
}
