import { AwsError } from '../core/aws-error';
import { matchesWildcards } from './wildcard';

/** An identity-based policy as a template holds it, its intrinsic functions resolved. */
export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: PolicyStatement | PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
}

/** A statement in the one form that is evaluated. */
export interface Rule {
  effect: 'Allow' | 'Deny';
  covers(action: string, resource: string): boolean;
}

export type Decision = 'allow' | 'explicit deny' | 'implicit deny';

const VERSIONS = ['2012-10-17', '2008-10-17', undefined];
const ELEMENTS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource'];

/**
 * Reads a policy's statements. `owner` names the policy in errors.
 * Throws MalformedPolicyDocument for what IAM would refuse, and for what it would accept but the
 * local IAM does not evaluate (`Condition`, policy variables): to ignore it would allow too much.
 */
export function readPolicy(policy: PolicyDocument, owner: string): Rule[] {
  if (!VERSIONS.includes(policy.Version)) {
    throw malformed(`${owner} has Version "${policy.Version}"; expected "2012-10-17".`);
  }
  if (typeof policy.Statement !== 'object' || policy.Statement === null) {
    throw malformed(`${owner} has no Statement.`);
  }
  return listOf(policy.Statement).map((statement, index) =>
    readStatement(statement, `${owner}, statement ${statement.Sid ?? index + 1},`),
  );
}

/**
 * A statement that denies outweighs any that allow; what none allows is denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(rules: Rule[], action: string, resource: string): Decision {
  const effects = rules.filter((rule) => rule.covers(action, resource)).map((rule) => rule.effect);
  if (effects.includes('Deny')) return 'explicit deny';
  return effects.includes('Allow') ? 'allow' : 'implicit deny';
}

function readStatement(statement: PolicyStatement, owner: string): Rule {
  const unknown = Object.keys(statement).find((element) => !ELEMENTS.includes(element));
  if (unknown !== undefined) {
    throw malformed(
      `${owner} has ${unknown}, which the local IAM does not evaluate; ` +
        `expected only ${ELEMENTS.join(', ')}.`,
    );
  }
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformed(
      `${owner} has Effect ${JSON.stringify(statement.Effect)}; expected Allow or Deny.`,
    );
  }
  const coversAction = readElement(statement, 'Action', owner, lowerCase);
  const coversResource = readElement(statement, 'Resource', owner, (text) => text);
  return {
    effect: statement.Effect,
    covers: (action, resource) => coversAction(action) && coversResource(resource),
  };
}

/** Reads `Action` or `NotAction` (`Resource` or `NotResource`), of which there is exactly one. */
function readElement(
  statement: PolicyStatement,
  element: 'Action' | 'Resource',
  owner: string,
  normalise: (text: string) => string,
): (value: string) => boolean {
  const positive = statement[element];
  const negative = statement[`Not${element}`];
  if ((positive === undefined) === (negative === undefined)) {
    throw malformed(`${owner} must have either ${element} or Not${element}.`);
  }
  const patterns = listOf(positive ?? negative ?? []);
  for (const pattern of patterns) {
    if (typeof pattern !== 'string') {
      throw malformed(
        `${owner} has the ${element} ${JSON.stringify(pattern)}; expected a string or a list of strings.`,
      );
    }
    if (pattern.includes('${')) {
      throw malformed(
        `${owner} has the ${element} "${pattern}": the local IAM does not evaluate policy variables.`,
      );
    }
  }
  const normalised = patterns.map(normalise);
  return (value) =>
    normalised.some((pattern) => matchesWildcards(pattern, normalise(value))) ===
    (positive !== undefined);
}

/** Action names know no case; ARNs do. */
function lowerCase(text: string): string {
  return text.toLowerCase();
}

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message, 400);
}
