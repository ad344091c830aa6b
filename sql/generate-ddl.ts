/** Writes sql/ddl/: `npm run ddl`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ddlFiles } from './ddl-files';

for (const [name, text] of ddlFiles()) writeFileSync(join(__dirname, 'ddl', name), text);
