import { QueryError } from '../query-engine';
import type { CatalogTable } from '../../glue/glue-catalog';

/**
 * Partition projection: which folders are partitions, and with what values.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export interface Projection {
  /** What each level of folders below `base` is to be called. */
  levels: Level[];
  /** The S3 URI that the levels begin below. */
  base: string;
  /** Whether the projection has a partition of these values, by column. */
  holds(values: ReadonlyMap<string, string>): boolean;
}

interface Level {
  pattern: RegExp;
  /** The column that each group of the pattern is, or is a part of. */
  columns: string[];
}

interface ProjectedColumn {
  /** The parts of a value, as the folders between slashes have them. */
  parts: string[];
  holds(text: string): boolean;
}

/** The projection of a table, or undefined where its partitions are registered. */
export function projectionOf(table: CatalogTable, now: number): Projection | undefined {
  const properties = table.parameters;
  if (properties['projection.enabled']?.toLowerCase() !== 'true') return undefined;
  const columns = new Map(
    table.partitionKeys.map(({ name }) => [name, projectedColumn(name, properties, now)]),
  );
  const location = (table.location ?? '').replace(/\/*$/, '/');
  const template =
    properties['storage.location.template'] ??
    `${location}${table.partitionKeys.map(({ name }) => `${name}=\${${name}}`).join('/')}/`;
  const first = template.indexOf('${');
  const baseEnd = template.lastIndexOf('/', first < 0 ? template.length : first);
  return {
    base: template.slice(0, baseEnd + 1),
    levels: levelsOf(template.slice(baseEnd + 1).replace(/\/+$/, ''), columns, table.name),
    holds: (values) => [...columns].every(([name, column]) => column.holds(values.get(name) ?? '')),
  };
}

function levelsOf(
  template: string,
  columns: ReadonlyMap<string, ProjectedColumn>,
  table: string,
): Level[] {
  const levels: Level[] = [];
  let pattern = '';
  let names: string[] = [];
  const endLevel = (): void => {
    levels.push({ pattern: new RegExp(`^${pattern}$`, 'u'), columns: names });
    pattern = '';
    names = [];
  };
  for (const piece of template.split(/(\$\{[^}]*\}|\/)/).filter((text) => text !== '')) {
    const name = /^\$\{([^}]*)\}$/.exec(piece)?.[1]?.toLowerCase();
    if (piece === '/') endLevel();
    else if (name === undefined) pattern += escapeRegExp(piece);
    else {
      const column = columns.get(name);
      if (!column) {
        throw new QueryError(
          'INVALID_TABLE_PROPERTY',
          `storage.location.template of ${table} names '${name}', which is no partition column`,
        );
      }
      column.parts.forEach((part, i) => {
        if (i > 0) endLevel();
        pattern += `(${part})`;
        names.push(name);
      });
    }
  }
  endLevel();
  return levels;
}

function projectedColumn(
  name: string,
  properties: Record<string, string>,
  now: number,
): ProjectedColumn {
  const property = (key: string): string | undefined => properties[`projection.${name}.${key}`];
  const required = (key: string): string => {
    const value = property(key);
    if (value === undefined) {
      throw new QueryError(
        'INVALID_TABLE_PROPERTY',
        `INVALID_TABLE_PROPERTY: The property projection.${name}.${key} is missing`,
      );
    }
    return value;
  };
  switch (property('type')?.toLowerCase()) {
    case 'integer': {
      const [low = NaN, high = NaN] = required('range').split(',').map(Number);
      const digits = Number(property('digits') ?? '0');
      const interval = Number(property('interval') ?? '1');
      return {
        parts: ['-?[0-9]+'],
        holds(text) {
          const value = Number(text);
          const written = String(Math.abs(value)).padStart(digits, '0');
          return (
            value >= low &&
            value <= high &&
            (value - low) % interval === 0 &&
            text === (value < 0 ? `-${written}` : written)
          );
        },
      };
    }
    case 'enum': {
      const values = new Set(required('values').split(','));
      return { parts: ['[^/]+'], holds: (text) => values.has(text) };
    }
    case 'date': {
      const format = required('format');
      const [from = '', to = ''] = required('range').split(',');
      const low = dateOf(from.trim(), format, now);
      const high = dateOf(to.trim(), format, now);
      return {
        parts: format.replaceAll("'", '').split('/').map(patternOf),
        holds(text) {
          const value = parseDate(text, format);
          return value !== undefined && value >= low && value <= high;
        },
      };
    }
    case 'injected':
      return { parts: ['[^/]+'], holds: () => true };
    default:
      throw new QueryError(
        'INVALID_TABLE_PROPERTY',
        `INVALID_TABLE_PROPERTY: projection.${name}.type is '${property('type') ?? ''}', expected integer, enum, date or injected`,
      );
  }
}

const UNIT_MILLIS: Record<string, number> = {
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
  WEEK: 604_800_000,
};

/** `2024-01-01`, `NOW`, `NOW-3YEARS`, `NOW+1DAY`. */
function dateOf(text: string, format: string, now: number): number {
  const relative = /^NOW(?:\s*([+-])\s*(\d+)\s*([A-Z]+?)S?)?$/i.exec(text);
  if (relative) {
    const [, sign, amount = '0', unit = 'DAY'] = relative;
    const count = Number(amount) * (sign === '-' ? -1 : 1);
    const millis = UNIT_MILLIS[unit.toUpperCase()];
    if (millis !== undefined) return now + count * millis;
    const date = new Date(now);
    date.setUTCMonth(date.getUTCMonth() + count * (unit.toUpperCase() === 'YEAR' ? 12 : 1));
    return date.getTime();
  }
  const value = parseDate(text, format) ?? Date.parse(text);
  if (Number.isNaN(value)) {
    throw new QueryError(
      'INVALID_TABLE_PROPERTY',
      `INVALID_TABLE_PROPERTY: '${text}' is no date of the format ${format}`,
    );
  }
  return value;
}

function patternOf(format: string): string {
  return escapeRegExp(format).replace(/[A-Za-z]+/g, (letters) =>
    letters.length === 1 ? '[0-9]{1,2}' : `[0-9]{${letters.length}}`,
  );
}

function parseDate(text: string, format: string): number | undefined {
  const plain = format.replaceAll("'", '');
  const fields: string[] = [];
  const pattern = escapeRegExp(plain).replace(/y+|M+|d+|H+|m+|s+/g, (letters) => {
    fields.push(letters[0] ?? '');
    return letters.length === 1 ? '([0-9]{1,2})' : `([0-9]{${letters.length}})`;
  });
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) return undefined;
  const field = (letter: string, missing: number): number => {
    const i = fields.indexOf(letter);
    return i < 0 ? missing : Number(match[i + 1]);
  };
  return Date.UTC(
    field('y', 1970),
    field('M', 1) - 1,
    field('d', 1),
    field('H', 0),
    field('m', 0),
    field('s', 0),
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
