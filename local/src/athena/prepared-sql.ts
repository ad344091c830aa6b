/** A statement that is about prepared statements, and so is not the engine's. */
export type PreparedSql =
  | { kind: 'execute'; name: string; parameters?: string[] }
  | { kind: 'prepare'; name: string; sql: string }
  | { kind: 'deallocate'; name: string };

const COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
const NAME = String.raw`"?([A-Za-z_][\w@:]*)"?`;
const EXECUTE = new RegExp(String.raw`^EXECUTE\s+${NAME}(?:\s+USING\s+([\s\S]+))?$`, 'i');
const PREPARE = new RegExp(String.raw`^PREPARE\s+${NAME}\s+FROM\s+([\s\S]+)$`, 'i');
const DEALLOCATE = new RegExp(String.raw`^DEALLOCATE\s+PREPARE\s+${NAME}$`, 'i');

/**
 * Reads `EXECUTE name USING …`, `PREPARE name FROM …` and `DEALLOCATE PREPARE name`; undefined for
 * any other statement. https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements-sql.html
 */
export function parsePreparedSql(sql: string): PreparedSql | undefined {
  const statement = sql.replace(COMMENTS, '').trimEnd().replace(/;\s*$/, '').trimEnd();
  const [, executed, using] = EXECUTE.exec(statement) ?? [];
  if (executed !== undefined) {
    const parameters = using === undefined ? undefined : splitParameters(using);
    return { kind: 'execute', name: executed, parameters };
  }
  const [, prepared, body] = PREPARE.exec(statement) ?? [];
  if (prepared !== undefined && body !== undefined) {
    return { kind: 'prepare', name: prepared, sql: body };
  }
  const [, deallocated] = DEALLOCATE.exec(statement) ?? [];
  return deallocated === undefined ? undefined : { kind: 'deallocate', name: deallocated };
}

/** Expressions between commas, those within quotes and brackets left alone. */
export function splitParameters(text: string): string[] {
  const parameters: string[] = [];
  let begun = '';
  let depth = 0;
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"[^"]*"|[^'"(),[\]]+|[\s\S]/g)) {
    if ('(['.includes(token)) depth += 1;
    if (')]'.includes(token)) depth -= 1;
    if (token === ',' && depth === 0) {
      parameters.push(begun.trim());
      begun = '';
    } else begun += token;
  }
  return [...parameters, begun.trim()];
}
