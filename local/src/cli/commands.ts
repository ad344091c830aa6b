import { createRequire } from 'node:module';
import type * as convert from './convert';
import type * as demo from './demo';
import type * as dlq from './dlq';
import type * as flush from './flush';
import type * as mail from './mail';
import type * as put from './put';
import type * as quality from './quality';
import type * as quarantine from './quarantine';
import type * as replay from './replay';
import type * as sql from './sql';
import type * as start from './start';
import type * as status from './status';
import type * as tables from './tables';

const load = createRequire(__filename);

/** The commands' modules, each loaded when its command is run: `--help` needs none of them. */
export const commands = {
  convert: () => load('./convert') as typeof convert,
  demo: () => load('./demo') as typeof demo,
  dlq: () => load('./dlq') as typeof dlq,
  flush: () => load('./flush') as typeof flush,
  mail: () => load('./mail') as typeof mail,
  put: () => load('./put') as typeof put,
  quality: () => load('./quality') as typeof quality,
  quarantine: () => load('./quarantine') as typeof quarantine,
  replay: () => load('./replay') as typeof replay,
  sql: () => load('./sql') as typeof sql,
  start: () => load('./start') as typeof start,
  status: () => load('./status') as typeof status,
  tables: () => load('./tables') as typeof tables,
};
