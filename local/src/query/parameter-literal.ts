import type { QueryParameter } from '@saleslake/shared/catalog/query-file';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';

/**
 * The SQL literals of a query's parameters, in order: what was given by name, or the default.
 * @throws SaleslakeError for a name that the query does not have, or a value not of its type.
 */
export function parameterLiterals(
  parameters: readonly QueryParameter[],
  given: ReadonlyMap<string, string>,
): string[] {
  for (const name of given.keys()) {
    if (!parameters.some((parameter) => parameter.name === name)) {
      const known = parameters.map((parameter) => parameter.name).join(', ') || 'none';
      throw new SaleslakeError(
        'UnknownParameter',
        `The query has no parameter ${name}; it has: ${known}.`,
      );
    }
  }
  return parameters.map((parameter) => {
    const value = given.get(parameter.name);
    return value === undefined ? parameter.default : literalOf(parameter, value);
  });
}

const FORMS: Record<string, { form: RegExp; expected: string; literal: (text: string) => string }> =
  {
    date: {
      form: /^\d{4}-\d\d-\d\d$/,
      expected: 'a date such as 2026-11-21',
      literal: (text) => `DATE '${text}'`,
    },
    timestamp: {
      form: /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d{1,3})?)?$/,
      expected: 'a timestamp such as 2026-11-21 10:30:00',
      literal: (text) => `TIMESTAMP '${text}'`,
    },
    boolean: { form: /^(true|false)$/, expected: 'true or false', literal: (text) => text },
    integer: { form: /^-?\d+$/, expected: 'a whole number', literal: (text) => text },
    bigint: { form: /^-?\d+$/, expected: 'a whole number', literal: (text) => text },
    decimal: { form: /^-?\d+(\.\d+)?$/, expected: 'a number', literal: (text) => text },
    double: {
      form: /^-?\d+(\.\d+)?$/,
      expected: 'a number',
      literal: (text) => `DOUBLE '${text}'`,
    },
  };

function literalOf({ name, type }: QueryParameter, value: string): string {
  const [base = type] = type.split('(');
  const known = FORMS[base];
  if (!known) return `'${value.replaceAll("'", "''")}'`;
  if (!known.form.test(value)) {
    throw new SaleslakeError(
      'InvalidParameter',
      `The parameter ${name} is ${JSON.stringify(value)}; expected ${known.expected}.`,
    );
  }
  return known.literal(value);
}
