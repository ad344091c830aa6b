/** Lints the texts of sql/: `npm run lint:sql`. Ends with 1 where there is something to say. */
import { join, relative } from 'node:path';
import { lintFolder } from './lint-folder';

const root = join(__dirname, '..');
const lines = lintFolder(root).map((line) => relative(process.cwd(), join(root, line)));
if (lines.length > 0) {
  console.error(lines.join('\n'));
  process.exitCode = 1;
}
