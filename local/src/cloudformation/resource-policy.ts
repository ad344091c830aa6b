import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { PolicyStatement } from './deployment';
import type { PropertyReader } from './property-reader';

/**
 * The statements of a resource-based policy, such as a queue's or a topic's. Read is only what
 * decides whether a service may send; whoever sends by API is checked by role.
 */
export function readResourcePolicy(document: PropertyReader): PolicyStatement[] {
  document.withoutEffect('Version', 'Id');
  return document.objects('Statement').map(readStatement);
}

function readStatement(statement: PropertyReader): PolicyStatement {
  statement.withoutEffect('Sid');
  return {
    effect: statement.string('Effect'),
    principals: principals(statement.json('Principal')),
    actions: listOf(statement.json('Action')),
    resources: listOf(statement.json('Resource')),
    sourceArns: sourceArns(statement),
  };
}

function principals(value: unknown): string[] {
  return isJsonObject(value) ? Object.values(value).flatMap(listOf) : listOf(value);
}

function sourceArns(statement: PropertyReader): string[] {
  const condition = statement.json('Condition') ?? {};
  const arns: string[] = [];
  for (const [operator, keys] of Object.entries(condition)) {
    for (const [key, value] of Object.entries((keys ?? {}) as Record<string, unknown>)) {
      // Other conditions, such as on the account or on TLS, hold for AWS's own services here.
      if (key.toLowerCase() === 'aws:sourcearn' && !operator.includes('Not')) {
        arns.push(...listOf(value));
      }
    }
  }
  return arns;
}

function listOf(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === 'string');
}
