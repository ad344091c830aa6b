import { QueryError } from '../query-engine';

/** MySQL's codes as date_format has them, in those of strftime. https://trino.io/docs/current/functions/datetime.html#mysql-date-functions */
const MYSQL: Record<string, string> = {
  a: '%a',
  b: '%b',
  c: '%-m',
  d: '%d',
  e: '%-d',
  f: '%f',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%M',
  j: '%j',
  k: '%-H',
  l: '%-I',
  M: '%B',
  m: '%m',
  p: '%p',
  r: '%I:%M:%S %p',
  S: '%S',
  s: '%S',
  T: '%H:%M:%S',
  v: '%V',
  W: '%A',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};

/** A format of date_format as one of strftime. @throws QueryError for a code that Trino refuses. */
export function dateFormatCodes(pattern: string): string {
  return pattern.replace(/%(.)/gsu, (_, code: string) => {
    const found = MYSQL[code];
    if (found !== undefined) return found;
    if ('DUuVwX'.includes(code)) {
      throw new QueryError(
        'INVALID_FUNCTION_ARGUMENT',
        `INVALID_FUNCTION_ARGUMENT: %${code} not supported in date format string`,
      );
    }
    return code;
  });
}

/** A format of date_parse as one of strptime, which takes digits with or without a zero before. */
export function dateFormat(pattern: string): string {
  return dateFormatCodes(pattern).replace('%f', '%n').replace('%n', '%f');
}

/** Letters of Joda's patterns, longest first. https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html */
const JODA: [RegExp, string][] = [
  [/^(?:yyyy|YYYY|y|Y)/, '%Y'],
  [/^yy/, '%y'],
  [/^MMMM+/, '%B'],
  [/^MMM/, '%b'],
  [/^MM/, '%m'],
  [/^M/, '%-m'],
  [/^dd/, '%d'],
  [/^d/, '%-d'],
  [/^HH/, '%H'],
  [/^H/, '%-H'],
  [/^hh/, '%I'],
  [/^h/, '%-I'],
  [/^mm/, '%M'],
  [/^m/, '%-M'],
  [/^ss/, '%S'],
  [/^s/, '%-S'],
  [/^SSSSSS/, '%f'],
  [/^SSS/, '%g'],
  [/^EEEE+/, '%A'],
  [/^E{1,3}/, '%a'],
  [/^a/, '%p'],
  [/^DDD/, '%j'],
  [/^ww/, '%V'],
  [/^xxxx/, '%G'],
  [/^e/, '%u'],
];

/** A format of format_datetime and parse_datetime as one of strftime. */
export function javaDateFormat(pattern: string): string {
  let rest = pattern;
  let out = '';
  while (rest !== '') {
    const quoted = /^'((?:[^']|'')*)'/.exec(rest);
    if (quoted) {
      out += quoted[1] === '' ? "'" : (quoted[1] ?? '').replaceAll("''", "'").replaceAll('%', '%%');
      rest = rest.slice(quoted[0].length);
      continue;
    }
    const found = JODA.find(([letters]) => letters.test(rest));
    if (found) {
      out += found[1];
      rest = rest.slice(found[0].exec(rest)?.[0].length ?? 1);
    } else if (/^[A-Za-z]/.test(rest)) {
      throw new QueryError(
        'NOT_SUPPORTED',
        `NOT_SUPPORTED: the letter '${rest[0]}' in the date format '${pattern}': use date_format`,
      );
    } else {
      out += rest.startsWith('%') ? '%%' : rest.slice(0, 1);
      rest = rest.slice(1);
    }
  }
  return out;
}

/**
 * A format of Java as one of printf, with what each argument is to be: text as Trino shows it, a
 * double, or as it comes.
 */
export function printfArguments(pattern: string): {
  printf: string;
  kinds: ('text' | 'double' | 'as is')[];
} {
  const kinds: ('text' | 'double' | 'as is')[] = [];
  const printf = pattern.replace(
    /%([-#+ 0,(]*)(\d*)(\.\d+)?([a-zA-Z%])/g,
    (all, flags: string, width: string, digits: string | undefined, code: string) => {
      if (code === '%') return '%%';
      if (code === 'n') return '\n';
      if (/[sSbB]/.test(code)) kinds.push('text');
      else if (/[eEfgG]/.test(code)) kinds.push('double');
      else if (/[dxXo]/.test(code)) kinds.push('as is');
      else {
        throw new QueryError(
          'NOT_SUPPORTED',
          `NOT_SUPPORTED: '${all}' in format: use date_format for dates`,
        );
      }
      return `%${flags}${width}${digits ?? ''}${/[bBS]/.test(code) ? 's' : code}`;
    },
  );
  return { printf, kinds };
}
