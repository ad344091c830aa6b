import type { Deployment } from './deployment';
import { evaluate, evaluateCondition, NO_VALUE, type Scope } from './intrinsics';
import { readProperties } from './property-reader';
import { generatedName, type Environment, type PlannedResource } from './resource-type';
import { resourceTypes } from './resource-types';
import { TemplateError, type Template, type TemplateResource } from './template';

/** One compiled template and where it comes from. */
export interface Stack {
  /** What errors call it, such as `services/lake`. */
  label: string;
  name: string;
  template: Template;
  /** The folder that `sls package` wrote. */
  packageFolder: string;
}

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
];

// Policies say what becomes of a resource on a later deploy; here each start deploys anew and
// nothing is ever deleted.
const RESOURCE_MEMBERS = [
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
];

/**
 * Adds what a stack declares to the deployment. A resource is planned after those it refers to
 * or depends on. Throws TemplateError, naming service and resource, for whatever the local AWS
 * cannot deploy as AWS would.
 */
export function planStack(stack: Stack, environment: Environment, deployment: Deployment): void {
  const { label, template } = stack;
  refuseOthers(label, template, SECTIONS, 'section');
  const planned = new Map<string, PlannedResource>();
  const beingPlanned: string[] = [];

  const scope: Scope = {
    mappings: template.Mappings ?? {},
    ref(name, where) {
      if (name.startsWith('AWS::')) return pseudoParameter(name, where);
      if (Object.hasOwn(template.Parameters ?? {}, name)) return parameter(name);
      return resource(name, where).ref;
    },
    attribute(logicalId, name, where) {
      const { attributes = {} } = resource(logicalId, where);
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (value !== undefined) return value;
      const known = Object.keys(attributes).join(', ') || 'none';
      throw new TemplateError(
        where,
        `asks for the attribute ${logicalId}.${name}, which the local AWS does not have; ` +
          `it has: ${known}`,
      );
    },
    condition(name, where) {
      const conditions = template.Conditions ?? {};
      if (Object.hasOwn(conditions, name)) {
        return inCircle(`condition ${name}`, () =>
          evaluateCondition(conditions[name], scope, `${label}: condition ${name}`),
        );
      }
      throw new TemplateError(where, `names the condition ${name}, which is not declared`);
    },
    importValue(name, where) {
      const exported = deployment.exports.get(name);
      if (exported) return exported.value;
      throw new TemplateError(where, `imports ${name}, which no stack before it exports`);
    },
  };

  function pseudoParameter(name: string, where: string): unknown {
    const { accountId, region } = environment;
    const values: Record<string, unknown> = {
      'AWS::AccountId': accountId,
      'AWS::NoValue': NO_VALUE,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stack.name}/local`,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    if (Object.hasOwn(values, name)) return values[name];
    throw new TemplateError(where, `refers to ${name}, which the local AWS does not know`);
  }

  function parameter(name: string): unknown {
    const { Type, Default } = template.Parameters?.[name] ?? { Type: '' };
    const where = `${label}: parameter ${name}`;
    if (!['String', 'Number', 'CommaDelimitedList', 'List<Number>'].includes(Type)) {
      throw new TemplateError(where, `has type ${Type}, which the local AWS does not know`);
    }
    if (Default === undefined) throw new TemplateError(where, 'has no default');
    const text = String(Default);
    return Type.includes('List') ? text.split(',').map((item) => item.trim()) : text;
  }

  function resource(logicalId: string, where: string): PlannedResource {
    const known = planned.get(logicalId);
    if (known) return known;
    const declared = Object.hasOwn(template.Resources, logicalId)
      ? template.Resources[logicalId]
      : undefined;
    if (!declared) {
      throw new TemplateError(where, `refers to ${logicalId}, which is not declared`);
    }
    if (!isDeployed(logicalId, declared)) {
      throw new TemplateError(
        where,
        `refers to ${logicalId}, whose condition ${declared.Condition} does not hold`,
      );
    }
    const result = inCircle(logicalId, () => planResource(logicalId, declared));
    planned.set(logicalId, result);
    return result;
  }

  // Planning on demand finds the order by itself; coming back to a start is a circle.
  function inCircle<T>(name: string, plan: () => T): T {
    if (beingPlanned.includes(name)) {
      const path = [...beingPlanned.slice(beingPlanned.indexOf(name)), name].join(' → ');
      throw new TemplateError(`${label}:`, `depends on itself in a circle: ${path}`);
    }
    beingPlanned.push(name);
    try {
      return plan();
    } finally {
      beingPlanned.pop();
    }
  }

  function planResource(logicalId: string, declared: TemplateResource): PlannedResource {
    const where = `${label}: resource ${logicalId}`;
    const plan = Object.hasOwn(resourceTypes, declared.Type)
      ? resourceTypes[declared.Type]
      : undefined;
    if (!plan) {
      const known = Object.keys(resourceTypes).join(', ');
      throw new TemplateError(
        where,
        `has type ${declared.Type}, which the local AWS does not know; it knows: ${known}`,
      );
    }
    refuseOthers(where, declared, RESOURCE_MEMBERS, 'member');
    for (const other of [declared.DependsOn ?? []].flat()) {
      const dependency = template.Resources[other];
      // CloudFormation lets DependsOn name a resource whose condition does not hold.
      if (!dependency || isDeployed(other, dependency)) resource(other, where);
    }
    const evaluated = evaluate(declared.Properties ?? {}, scope, where);
    const properties = readProperties(
      `${where} (${declared.Type})`,
      evaluated as Record<string, unknown>,
    );
    const result = plan({
      properties,
      environment,
      packageFolder: stack.packageFolder,
      generatedName: generatedName(stack.name, logicalId),
      deployment,
    });
    properties.finish();
    return result;
  }

  function isDeployed(name: string, { Condition }: { Condition?: string }): boolean {
    return Condition === undefined || scope.condition(Condition, `${label}: ${name}`);
  }

  for (const [logicalId, declared] of Object.entries(template.Resources)) {
    if (isDeployed(logicalId, declared)) resource(logicalId, label);
  }

  const outputs: Record<string, string> = {};
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    if (!isDeployed(name, output)) continue;
    const where = `${label}: output ${name}`;
    const value = String(evaluate(output.Value, scope, where));
    outputs[name] = value;
    if (output.Export === undefined) continue;
    const exportName = String(evaluate(output.Export.Name, scope, where));
    const other = deployment.exports.get(exportName);
    if (other) {
      throw new TemplateError(where, `exports ${exportName}, as ${other.stackName} does already`);
    }
    deployment.exports.set(exportName, { stackName: stack.name, value });
  }
  deployment.outputs[stack.name] = outputs;
}

function refuseOthers(where: string, object: object, known: string[], kind: string): void {
  const other = Object.keys(object).find((name) => !known.includes(name));
  if (other !== undefined) {
    throw new TemplateError(where, `has the ${kind} ${other}, which the local AWS does not know`);
  }
}
