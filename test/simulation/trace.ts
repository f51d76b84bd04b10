import { createHash } from 'node:crypto';

/** What happened, line by line: the last ones in words, all of them as a hash. */
export interface Trace {
  line(text: string): void;
  readonly tail: readonly string[];
  hash(): string;
}

/** `keep`: how many lines stay readable. */
export const createTrace = (keep: number): Trace => {
  const hash = createHash('sha1');
  let lines: string[] = [];
  return {
    line(text) {
      hash.update(`${text}\n`);
      lines.push(text);
      if (lines.length > 2 * keep) lines = lines.slice(-keep);
    },
    get tail() {
      return lines.slice(-keep);
    },
    hash: () => hash.digest('hex'),
  };
};

export const short = (id: string): string => id.replace(/-[0-9a-f-]{27}$/, '');
