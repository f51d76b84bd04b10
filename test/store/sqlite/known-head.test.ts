import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  knownHeadFile,
  openKnownHead,
  readKnownHead,
} from '../../../src/store/sqlite/known-head.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

it('says where the log ended when it was last told, in a line that people can read', async () => {
  await using directory = await temporaryDirectory();
  const head = openKnownHead(directory.path);
  expect(head.found).toBeUndefined();
  expect(readKnownHead(directory.path)).toEqual({ position: 0, hash: '' });
  head.write(123_456, 'a-long-hash');
  head.write(7, 'short');
  head.close();

  expect(readFileSync(knownHeadFile(directory.path), 'latin1')).toMatch(/^7 short \d+ *\n$/);
  expect(readKnownHead(directory.path)).toEqual({ position: 7, hash: 'short' });
});

it('goes on in the line that it found', async () => {
  await using directory = await temporaryDirectory();
  const first = openKnownHead(directory.path);
  first.write(3, 'third');
  first.close();
  const second = openKnownHead(directory.path);
  expect(second.found).toEqual({ position: 3, hash: 'third' });
  expect(readKnownHead(directory.path)).toEqual({ position: 3, hash: 'third' });
  second.write(4, 'fourth');
  second.close();

  expect(readKnownHead(directory.path)).toEqual({ position: 4, hash: 'fourth' });
});

it.each(['', '3 third 99\n', '3 third', 'nothing at all'])(
  'takes a line that is not as written for none: "%s"',
  async (line) => {
    await using directory = await temporaryDirectory();
    writeFileSync(knownHeadFile(directory.path), line);
    expect(readKnownHead(directory.path)).toBeUndefined();
    const head = openKnownHead(directory.path);
    head.write(5, 'fifth');
    head.close();

    expect(readKnownHead(directory.path)).toEqual({ position: 5, hash: 'fifth' });
  },
);

it('does without where there is no such file to be had', async () => {
  await using directory = await temporaryDirectory();
  mkdirSync(knownHeadFile(directory.path));
  const head = openKnownHead(directory.path);
  head.write(1, 'first');
  head.close();

  expect(head.found).toBeUndefined();
  expect(readKnownHead(directory.path)).toBeUndefined();
});
