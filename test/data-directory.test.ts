import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataDir } from '../src/data-directory.ts';
import { readKeyFile } from '../src/key-file.ts';

describe('the data directory', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tripline-test-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const unusable = (path: string, reason: string) =>
    expect.objectContaining({
      code: 'data-directory-unusable',
      message: `the data directory cannot be used: ${path}: ${reason}`,
    });

  it('is made, for its owner only', () => {
    const dataDir = join(directory, 'a', 'b');
    prepareDataDir(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  it('may not be a file, or lie below one', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(() => prepareDataDir(file)).toThrow(unusable(file, 'file already exists'));
    const below = join(file, 'data');
    expect(() => prepareDataDir(below)).toThrow(unusable(below, 'not a directory'));
  });

  it('keeps a key that it made once', () => {
    const key = readKeyFile(directory, 'a.key');
    expect(readKeyFile(directory, 'a.key')).toBe(key);
    expect(readdirSync(directory)).toEqual(['a.key']);
    expect(statSync(join(directory, 'a.key')).mode & 0o777).toBe(0o600);
  });

  it('says which key it cannot read', () => {
    expect(() => readKeyFile(join(directory, 'none'), 'a.key')).toThrow(
      unusable(join(directory, 'none', 'a.key'), 'no such file or directory'),
    );
    const path = join(directory, 'short.key');
    writeFileSync(path, 'short');
    expect(() => readKeyFile(directory, 'short.key')).toThrow(`${path} does not hold 32 bytes`);
  });
});
