/**
 * Writes sql/ddl/<table>.sql for each contract: `npm run ddl`. `<curated-bucket>` stands where the
 * bucket of a stage goes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { athenaDdl } from '@saleslake/shared/catalog/athena-ddl';
import { tables } from '@saleslake/shared/tables/index';

for (const contract of tables) {
  const location = `s3://<curated-bucket>/processed/${contract.name}/`;
  writeFileSync(join(__dirname, 'ddl', `${contract.name}.sql`), athenaDdl(contract, location));
}
