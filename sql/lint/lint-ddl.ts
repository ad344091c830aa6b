import { basename } from 'node:path';
import { inOrder, type Finding, type Report } from './finding';
import { nodesOf, parseSql, type SqlNode } from './syntax-tree';

/**
 * Lints a file of sql/ddl: one CREATE EXTERNAL TABLE in Hive's grammar, of the file's name, with
 * every name in backticks, as Athena's DDL reserves many.
 * https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html
 */
export function lintDdl(file: string, text: string): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (rule, { line, column }, message) => {
    findings.push({ rule, line, column, message });
  };
  const { statements, errors } = parseSql(text, 'hive');
  const [error] = errors;
  const [statement, second] = statements;
  if (error) report('syntax', error, error.message.replace(/ expecting \{.*/s, ''));
  else if (second) report('one-statement', second, 'write one statement a file');
  else if (statement) checkStatement(statement, basename(file, '.sql'), report);
  return inOrder(findings);
}

function checkStatement(statement: SqlNode, tableName: string, report: Report): void {
  const words = statement.children.slice(0, 3).map(({ text }) => text.toUpperCase());
  if (statement.kind !== 'CreateTableStatement' || words.join(' ') !== 'CREATE EXTERNAL TABLE') {
    report('one-statement', statement, 'write CREATE EXTERNAL TABLE …');
    return;
  }
  const table = statement.children.slice(3).find(({ kind }) => kind === 'token');
  if (table && table.text !== `\`${tableName}\``) {
    report('names', table, `write the file's name: \`${tableName}\``);
  }
  const names = [...nodesOf(statement)]
    .filter(({ kind }) => kind === 'ColumnNameTypeConstraint' || kind === 'ColumnNameType')
    .flatMap(({ children }) => children.slice(0, 1));
  const seen = new Set<string>();
  for (const name of names) {
    if (!/^`[a-z][a-z0-9_]*`$/.test(name.text)) {
      report('names', name, `write lower_snake_case in backticks, not ${name.text}`);
    }
    if (seen.has(name.text)) report('column', name, `there is another column ${name.text}`);
    seen.add(name.text);
  }
  for (const location of statement.children.filter(({ kind }) => kind === 'LocationPath')) {
    const uri = location.children.at(-1);
    if (uri && !/^'s3:\/\/.+\/'$/.test(uri.text)) {
      report('location', uri, "write the S3 URI of a folder, with a slash at its end: 's3://…/'");
    }
  }
}
