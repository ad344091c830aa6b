import { SaleslakeError } from '../runtime/errors';

/** A name and a type as Athena's SQL spells it, such as `varchar` or `decimal(12,2)`. */
export interface QueryColumn {
  name: string;
  type: string;
}

/** What stands for a `?` of the text: a type, and an SQL literal where nothing is given. */
export interface QueryParameter extends QueryColumn {
  default: string;
}

/** A file of sql/views, sql/analytics or sql/quality: one statement and what its header says. */
export interface QueryFile {
  /** The file's name without its ending. */
  name: string;
  /** A view's text is a CREATE OR REPLACE VIEW, a query's a SELECT. */
  kind: 'query' | 'view';
  question: string;
  /** One for each `?`, in the text's order. */
  parameters: QueryParameter[];
  columns: QueryColumn[];
  /** What the rows are ordered by, in words; undefined where they are in none. */
  order: string | undefined;
  /** What else there is to know, in one paragraph; may be empty. */
  notes: string;
  /** The statement, without header and semicolon. */
  sql: string;
}

/** The header of a query file is not as it must be. */
export class QueryFileError extends SaleslakeError {
  constructor(
    readonly file: string,
    /** From 1. */
    readonly line: number,
    problem: string,
  ) {
    super('QueryFileError', `${file}:${line}: ${problem}`);
  }
}

const FIELDS = ['Parameters', 'Columns', 'Order'] as const;
type Field = (typeof FIELDS)[number];

interface Place {
  file: string;
  line: number;
}

/**
 * Reads a query file. Its header is of comment lines: the question, then `Parameters:`, `Columns:`
 * and `Order:` in this order, each `none` or a list, each going on in lines that are indented by
 * three spaces; after an empty comment line, notes.
 *
 *     -- Which transactions are worth at least so much?
 *     -- Parameters: minimum_amount decimal(12,2) default 500.00
 *     -- Columns: transaction_id varchar, total_amount decimal(12,2)
 *     -- Order: by amount, largest first
 *
 * @param file the file's name or path, for messages and the name
 * @throws QueryFileError that names the file and the line
 */
export function parseQueryFile(file: string, text: string): QueryFile {
  const lines = text.split(/\r?\n/);
  const headerEnd = lines.findIndex((line) => !line.startsWith('--'));
  const header = lines.slice(0, Math.max(headerEnd, 0)).map((line) => line.slice(2));
  const question = (header[0] ?? '').trim();
  if (!question.endsWith('?')) {
    throw new QueryFileError(file, 1, 'expected a comment with the question that the file answers');
  }
  const sql = lines.slice(headerEnd).join('\n').trim().replace(/\s*;$/, '');
  if (sql === '') throw new QueryFileError(file, header.length, 'there is no statement');

  const notesStart = header.findIndex((line) => line.trim() === '');
  const fieldLines = header.slice(1, notesStart < 0 ? undefined : notesStart);
  const fields = readFields(file, fieldLines);
  const of = (field: Field): { text: string; place: Place } => {
    const found = fields.get(field);
    if (!found) {
      throw new QueryFileError(file, fieldLines.length + 2, `there is no line -- ${field}: …`);
    }
    return found;
  };
  const parameters = of('Parameters');
  const columns = of('Columns');
  const order = of('Order').text;
  return {
    name: (file.split('/').at(-1) ?? file).replace(/\.sql$/, ''),
    kind: /^create\b/i.test(sql) ? 'view' : 'query',
    question,
    parameters: readList(parameters.text, parameters.place).map((entry) =>
      readParameter(entry, parameters.place),
    ),
    columns: readList(columns.text, columns.place).map((entry) => readColumn(entry, columns.place)),
    order: order === 'none' ? undefined : order,
    notes: notesStart < 0 ? '' : joined(header.slice(notesStart)),
    sql,
  };
}

function readFields(file: string, lines: string[]): Map<Field, { text: string; place: Place }> {
  const fields = new Map<Field, { text: string; place: Place }>();
  let last: { text: string; place: Place } | undefined;
  for (const [i, content] of lines.entries()) {
    const place = { file, line: i + 2 };
    if (content.startsWith('   ') && last) {
      last.text = joined([last.text, content]);
      continue;
    }
    const match = /^ ([A-Za-z]+):(.*)$/.exec(content);
    const expected = FIELDS[fields.size];
    if (!expected || match?.[1] !== expected) {
      const wanted = expected ? `-- ${expected}: …` : 'an empty comment line before notes';
      throw new QueryFileError(file, place.line, `expected ${wanted}, not --${content}`);
    }
    last = { text: (match[2] ?? '').trim(), place };
    fields.set(expected, last);
  }
  for (const [field, { text, place }] of fields) {
    if (text === '') throw new QueryFileError(file, place.line, `${field} is empty: write none`);
  }
  return fields;
}

/** The entries of a list: commas within parentheses or quotes are no ends. */
function readList(text: string, { file, line }: Place): string[] {
  if (text === 'none') return [];
  const entries = (text.match(/(?:'[^']*'|\([^)]*\)|[^,'(])+/g) ?? []).map((entry) => entry.trim());
  if (entries.join(',').replaceAll(' ', '') !== text.replaceAll(' ', '')) {
    throw new QueryFileError(file, line, `expected a list separated by commas, not ${text}`);
  }
  return entries;
}

const NAMED_TYPE = /^([a-z][a-z0-9_]*) ([a-z]+(?:\(\d+(?:, ?\d+)?\))?)$/;

function readColumn(entry: string, { file, line }: Place): QueryColumn {
  const [, name, type] = NAMED_TYPE.exec(entry) ?? [];
  if (name === undefined || type === undefined) {
    throw new QueryFileError(
      file,
      line,
      `expected a name and a type such as revenue decimal(38,2), not ${entry}`,
    );
  }
  return { name, type: type.replace(' ', '') };
}

function readParameter(entry: string, place: Place): QueryParameter {
  const [, column, literal] = /^(.*?) default (.+)$/.exec(entry) ?? [];
  if (column === undefined || literal === undefined) {
    throw new QueryFileError(
      place.file,
      place.line,
      `expected a name, a type and a default such as hours integer default 24, not ${entry}`,
    );
  }
  return { ...readColumn(column, place), default: literal };
}

function joined(lines: string[]): string {
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}
