import { functionType } from './functions';
import { withoutParameters, type StaticType } from './relation';
import type { SqlNode } from './syntax-tree';

/** The type of a column reference, or undefined. */
export type Resolve = (column: SqlNode) => StaticType;

/** What is known of an expression's type from its text alone. */
export function staticType(node: SqlNode, resolve: Resolve): StaticType {
  const typeOf = (child: SqlNode | undefined): StaticType => child && staticType(child, resolve);
  switch (node.kind) {
    case 'column':
      return resolve(node);
    case 'token':
      return literalType(node.text);
    case 'Cast':
      return castType(node);
    case 'TypeConstructor':
      return node.children[0]?.text.toLowerCase();
    case 'Interval':
      return 'interval';
    case 'Extract':
      return 'bigint';
    case 'FunctionCall': {
      const { name, operands } = callOf(node);
      if (name === 'date_trunc' || name === 'date_add') return typeOf(operands.at(-1));
      const types = operands.map(typeOf);
      return functionType(name, types.find((type) => type !== 'null') ?? types[0]);
    }
    case 'ArithmeticUnary':
      return typeOf(node.children[1]);
    case 'ArithmeticBinary':
      return arithmeticType(typeOf(node.children[0]), typeOf(node.children[2]));
    case 'ParenthesizedExpression':
      return typeOf(node.children[1]);
    case 'Predicated':
    case 'And':
    case 'Or':
    case 'LogicalNot':
    case 'Exists':
      return 'boolean';
    case 'SimpleCase':
    case 'SearchedCase':
      return branchesOf(node)
        .map(typeOf)
        .find((type) => type !== 'null');
    default:
      return undefined;
  }
}

/** The name, lower case, and the operands of a FunctionCall. */
export function callOf(node: SqlNode): {
  name: string;
  operands: SqlNode[];
  distinct: boolean;
  filter: SqlNode | undefined;
  over: SqlNode | undefined;
} {
  const [name, , ...rest] = node.children;
  const end = rest.findIndex(({ kind, text }) => kind === 'token' && text === ')');
  const inside = rest.slice(0, end).flatMap((child) => (isList(child) ? child.children : [child]));
  const isWord = ({ kind, text }: SqlNode): boolean =>
    kind === 'token' && /^(,|DISTINCT|ALL)$/i.test(text);
  return {
    name: name?.text.toLowerCase() ?? '',
    operands: inside.filter((child) => !isWord(child)),
    distinct: inside.some(({ kind, text }) => kind === 'token' && /^DISTINCT$/i.test(text)),
    filter: rest.find(({ kind }) => kind === 'Filter'),
    over: rest.find(({ kind }) => kind === 'Over'),
  };
}

function isList({ kind }: SqlNode): boolean {
  return kind === 'ExpressionList';
}

/** The type that a CAST or TRY_CAST names, without its parameters. */
export function castType(node: SqlNode): string {
  return withoutParameters(node.children.at(-2)?.text ?? '').toLowerCase();
}

function branchesOf(node: SqlNode): SqlNode[] {
  return node.children.flatMap((child, i) => {
    if (child.kind === 'WhenClause') return child.children.slice(-1);
    const before = node.children[i - 1];
    return before?.kind === 'token' && /^ELSE$/i.test(before.text) ? [child] : [];
  });
}

function literalType(text: string): StaticType {
  if (text.startsWith("'")) return 'varchar';
  if (/^\d+$/.test(text)) return 'integer';
  if (/^(\d+\.\d*|\.\d+)$/.test(text)) return 'decimal';
  if (/^[\d.]+E[+-]?\d+$/i.test(text)) return 'double';
  switch (text.toLowerCase()) {
    case 'null':
      return 'null';
    case 'true':
    case 'false':
      return 'boolean';
    case 'current_date':
      return 'date';
    case 'current_timestamp':
      return 'timestamp with time zone';
    case 'localtimestamp':
      return 'timestamp';
    default:
      return undefined;
  }
}

function arithmeticType(left: StaticType, right: StaticType): StaticType {
  if (left === 'interval') return ['integer', 'bigint'].includes(right ?? '') ? left : right;
  if (right === 'interval') return ['integer', 'bigint'].includes(left ?? '') ? right : left;
  if (left === undefined || right === undefined) return undefined;
  const widest = ['double', 'decimal', 'bigint', 'integer'];
  return widest.find((type) => type === left || type === right);
}
