import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQueryFile } from '@saleslake/shared/catalog/query-file';
import { tables } from '@saleslake/shared/tables/index';
import { formatFinding, type Finding } from './finding';
import { lintDdl } from './lint-ddl';
import { lintQuery } from './lint-query';
import { catalogOf } from './relation';

/** The folders of query files, views first. */
export const QUERY_FOLDERS = ['views', 'analytics', 'quality'] as const;

/** The `.sql` files of a folder of `root`, as paths from there. */
export function sqlFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** Lints every text below `root`; one line a finding, with the path from there. */
export function lintFolder(root: string): string[] {
  const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
  const views = sqlFiles(root, 'views').map((file) => parseQueryFile(file, textOf(file)));
  const catalog = catalogOf(tables, views);
  const lintEach = (folder: string, lint: (file: string, text: string) => Finding[]): string[] =>
    sqlFiles(root, folder).flatMap((file) =>
      lint(file, textOf(file)).map((finding) => formatFinding(file, finding)),
    );
  return [
    ...QUERY_FOLDERS.flatMap((folder) =>
      lintEach(folder, (file, text) => lintQuery(file, text, catalog)),
    ),
    ...lintEach('ddl', lintDdl),
  ];
}
