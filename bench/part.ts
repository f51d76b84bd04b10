/** One line of a result table: a name and its figures. */
export interface Finding {
  readonly what: string;
  readonly [figure: string]: string | number;
}

export interface Part {
  readonly name: string;
  readonly title: string;
  /** What is aimed at, in words. */
  readonly aim: string;
  readonly run: () => Promise<readonly Finding[]>;
}

const shown = (value: string | number | undefined): string => {
  if (typeof value !== 'number') return value ?? '';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
};

/** The findings as a Markdown table, so that it can be read here and pasted there. */
export const tableOf = (findings: readonly Finding[]): string => {
  const columns = [...new Set(findings.flatMap((finding) => Object.keys(finding)))];
  const rows = [
    columns.map((column) => (column === 'what' ? '' : column)),
    ...findings.map((finding) => columns.map((column) => shown(finding[column]))),
  ];
  const widths = columns.map((_, i) => Math.max(3, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...body.map(line)].join('\n');
};
