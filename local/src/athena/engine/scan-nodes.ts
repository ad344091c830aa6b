import type { PlanNode } from './plan-query';
import type { TableScan } from './table-scan';

/** A place of a plan that reads a table. */
export interface ScanNode {
  node: PlanNode;
  /** Filters and projections that nothing but the scan is below, the nearest last. */
  above: PlanNode[];
}

const FUNCTIONS = { parquet: 'READ_PARQUET', csv: 'READ_CSV', json: 'READ_JSON' };

/**
 * The places of a plan that read a scan. Of Parquet they are those that read one of its own names.
 * Text is read whole and has no names of its own: it is the node that stands where the scan does
 * among the scans of its format.
 */
export function scanNodes(
  plan: readonly PlanNode[],
  scan: TableScan,
  scans: readonly TableScan[],
): ScanNode[] {
  const found: ScanNode[] = [];
  const walk = (node: PlanNode, above: PlanNode[]): void => {
    const name = FUNCTIONS[scan.format];
    const info = JSON.stringify(node.extra_info);
    const isFunction = info.includes(`"${name}"`) || node.name.includes(name);
    const isOwn = scan.format !== 'parquet' || info.includes(scan.marker);
    if (isFunction && isOwn) found.push({ node, above });
    const isPassing = node.name === 'FILTER' || node.name === 'PROJECTION';
    for (const child of node.children) walk(child, isPassing ? [...above, node] : []);
  };
  for (const node of plan) walk(node, []);
  if (scan.format === 'parquet') return found;
  const alike = scans.filter(({ format }) => format === scan.format);
  return found.filter((_, i) => Math.min(i, alike.length - 1) === alike.indexOf(scan));
}
