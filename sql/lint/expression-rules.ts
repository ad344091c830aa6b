import type { Report } from './finding';
import { refusedFunction } from './functions';
import type { StaticType } from './relation';
import { callOf, castType } from './static-type';
import type { SqlNode } from './syntax-tree';

/** What a rule sees of an expression. */
export interface ExpressionContext {
  node: SqlNode;
  parent: SqlNode | undefined;
  typeOf: (node: SqlNode) => StaticType;
  report: Report;
}

/** Checks one node of an expression by every rule. */
export function checkExpression(context: ExpressionContext): void {
  switch (context.node.kind) {
    case 'ArithmeticBinary':
      checkDivision(context);
      checkDateArithmetic(context);
      break;
    case 'Cast':
      checkCast(context);
      break;
    case 'FunctionCall':
      checkCall(context);
      break;
    case 'Predicated':
    case 'JoinColumnEquality':
      checkComparison(context);
      break;
  }
}

function checkDivision({ node, report }: ExpressionContext): void {
  const [left, sign, right] = node.children;
  if (sign?.text !== '/' || !left || !right) return;
  const divided = withoutParentheses(left);
  const divisor = withoutParentheses(right);
  const isDouble = divided.kind === 'Cast' && castType(divided) === 'double';
  const call = divisor.kind === 'FunctionCall' ? callOf(divisor) : undefined;
  const isGuarded = call?.name === 'nullif' && call.operands[1]?.text === '0';
  if (!isDouble || !isGuarded) {
    report(
      'division',
      sign,
      'write CAST(a AS double) / NULLIF(b, 0): whole numbers and decimals divide differently, and zero is an error in Athena alone',
    );
  }
}

/** Athena gives a date, DuckDB a timestamp. */
function checkDateArithmetic({ node, parent, typeOf, report }: ExpressionContext): void {
  const [left, sign, right] = node.children;
  if (!left || !right || !['+', '-'].includes(sign?.text ?? '')) return;
  const shifted = typeOf(right) === 'interval' ? left : typeOf(left) === 'interval' ? right : node;
  if (shifted === node || typeOf(shifted)?.startsWith('timestamp')) return;
  if (!isCastTo('date', parent)) {
    report('date-arithmetic', node, 'write CAST(d + INTERVAL … AS date): only then is it a date');
  }
}

const TYPES = ['varchar', 'integer', 'bigint', 'double', 'decimal', 'boolean', 'date', 'timestamp'];
const ROUNDING = ['round', 'floor', 'ceil', 'ceiling'];

function checkCast({ node, typeOf, report }: ExpressionContext): void {
  const [name, , operand] = node.children;
  const written = node.children.at(-2);
  if (!name || !operand || !written) return;
  const to = castType(node);
  if (!TYPES.includes(to)) {
    report('type', written, `write one of ${TYPES.join(', ')}, not ${written.text}`);
    return;
  }
  if (/\(/.test(written.text) ? to !== 'decimal' : to === 'decimal') {
    report('type', written, `write ${to === 'decimal' ? 'decimal(precision, scale)' : to}`);
  }
  if (operand.text === '?') return;
  const from = typeOf(operand);
  const rounded =
    operand.kind === 'FunctionCall' &&
    ROUNDING.includes(callOf(operand).name) &&
    from !== 'varchar';
  const isInexact = from === undefined || from === 'double' || from === 'decimal';
  if ((to === 'integer' || to === 'bigint') && isInexact && !rounded) {
    report(
      'cast-integer',
      name,
      `write CAST(round(x) AS ${to}) or floor: the casts round differently`,
    );
  }
  if (to === 'decimal' && (from === undefined || from === 'double') && !rounded) {
    report(
      'cast-decimal',
      name,
      'write CAST(round(x, scale) AS decimal(…)): the casts round differently',
    );
  }
  if (to === 'varchar' && (from === undefined || /^(timestamp|double)/.test(from))) {
    report(
      'cast-varchar',
      name,
      "write date_format(x, '%Y-%m-%d') for a timestamp, and leave numbers as they are: the texts differ",
    );
  }
}

function checkCall({ node, parent, typeOf, report }: ExpressionContext): void {
  const { name, operands, distinct, filter, over } = callOf(node);
  const refused = refusedFunction(name);
  if (refused) report('function', node, `${name}: ${refused}`);
  if (over && filter) {
    report('window', filter, 'write CASE WHEN … END within: a window function takes no FILTER');
  }
  if (over && distinct) {
    report('window', node, 'write it in a query before: a window function takes no DISTINCT');
  }
  const [, , ...more] = operands;
  if (name === 'count' && distinct && operands.length > 1) {
    report('function', node, 'count(DISTINCT a, b): write SELECT DISTINCT a, b in a query before');
  }
  const shifted = name === 'date_trunc' ? operands[1] : name === 'date_add' ? more[0] : undefined;
  if (shifted && !typeOf(shifted)?.startsWith('timestamp') && !isCastTo('date', parent)) {
    report('date-arithmetic', node, `write CAST(${name}(…) AS date): only then is it a date`);
  }
}

/** DuckDB turns a string into the other side's type; Athena refuses to compare. */
function checkComparison({ node, typeOf, report }: ExpressionContext): void {
  const [left, ...others] = node.children;
  if (!left) return;
  const compared = others.flatMap((other) =>
    other.kind === 'Comparison' || other.kind === 'Between' || other.kind === 'InList'
      ? other.children
      : [other],
  );
  const leftClass = typeClass(typeOf(left));
  for (const other of compared) {
    const otherClass = typeClass(typeOf(other));
    if (leftClass && otherClass && leftClass !== otherClass) {
      report(
        'comparison',
        other,
        `${left.text} is ${typeOf(left)} and ${other.text} is ${typeOf(other)}: write a literal of its own type, such as 2026 or DATE '2026-01-31'`,
      );
    }
  }
}

function typeClass(type: StaticType): string | undefined {
  switch (type) {
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'double':
      return 'number';
    case 'date':
    case 'timestamp':
    case 'timestamp with time zone':
      return 'time';
    case 'varchar':
    case 'boolean':
      return type;
    default:
      return undefined;
  }
}

function isCastTo(type: string, parent: SqlNode | undefined): boolean {
  return parent?.kind === 'Cast' && castType(parent) === type;
}

function withoutParentheses(node: SqlNode): SqlNode {
  const inner = node.kind === 'ParenthesizedExpression' ? node.children[1] : undefined;
  return inner ? withoutParentheses(inner) : node;
}
