import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settings } from '../../src/config.ts';
import { exitCodes } from '../../src/exit-codes.ts';
import { problems } from '../../src/http/problems.ts';
import { evidenceInWords } from '../../src/signatures/evidence.ts';
import { signatureSchemes } from '../../src/signatures/index.ts';
import type { SignatureScheme } from '../../src/signatures/scheme.ts';

const readme = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');

/** The rows of the first table below a heading, as lists of cells. */
const tableBelow = (heading: string): string[][] => {
  const [, section = ''] = readme.split(`\n${heading}\n`);
  const [table = ''] = /(^\|.*\n)+/m.exec(section) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** How far a signed time may be off, as the options have it. */
const toleranceOf = ({ options }: SignatureScheme): string => {
  const { properties = {} } = z.toJSONSchema(options, { io: 'input' });
  const { toleranceSeconds } = properties;
  if (typeof toleranceSeconds !== 'object') return '–';
  return toleranceSeconds.default === undefined ? 'if asked' : `${toleranceSeconds.default} s`;
};

describe('the README', () => {
  it('lists every setting with its default and meaning, and no other', () => {
    expect(tableBelow('## Configuration')).toEqual(
      settings.map(({ name, standard, meaning }) => [code(name), code(standard), meaning]),
    );
  });

  it('lists every error code with its status and meaning, and no other', () => {
    expect(tableBelow('## Errors')).toEqual(
      Object.entries(problems).map(([name, { status, meaning }]) => [
        code(name.replaceAll('-', '_')),
        String(status),
        meaning,
      ]),
    );
  });

  it('lists every signature scheme of a sender, and what it was held against', () => {
    const rows = tableBelow('## Signature schemes').map(([name, proof, time, , evidence]) => {
      return [name, proof, time, evidence];
    });
    const known = [...signatureSchemes.values()].flatMap((scheme) => {
      const { name, evidence, headers } = scheme;
      const words = evidence && evidenceInWords[evidence];
      return words ? [[code(name), code(headers({})[0] ?? ''), toleranceOf(scheme), words]] : [];
    });
    expect(rows).toEqual(known);
  });

  it('lists every exit code', () => {
    expect(tableBelow('## Running it').map(([exitCode]) => Number(exitCode))).toEqual(
      Object.values(exitCodes),
    );
  });
});
