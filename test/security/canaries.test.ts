import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAviary } from './canaries.ts';

const aviary = createAviary();
const secret = aviary.plant('text');
const key = aviary.plantKey('key');
aviary.add('mark', 'mark');
const seenIn = (content: Buffer | string): string[] =>
  aviary.sightings('', content).map(({ canary, form }) => `${canary} ${form}`);

it.each(['', '.', 'ca', 'canary-text-', 'x'.repeat(999)])(
  'a secret is seen behind %j',
  (before) => {
    expect(seenIn(before + secret)).toContain('text as it is');
    expect(seenIn(`${before}${secret}${before}mark`)).toContain('mark as it is');
    expect(seenIn(Buffer.from(before + secret, 'utf16le'))).toEqual(['text UTF-16']);
    expect(seenIn(Buffer.from(before + secret).toString('hex'))).toEqual(['text hex']);
    expect(seenIn(Buffer.from(`${before}${secret}.`).toString('base64'))).toContain('text base64');
  },
);

it('a key is seen as bytes and as text', () => {
  expect(seenIn(Buffer.concat([randomBytes(99), Buffer.from(key, 'base64')]))).toContain(
    'key as it is',
  );
  expect(seenIn(`"${key}"`)).toContain('key base64');
});

it.each(['', 'mar', secret.slice(0, -1), secret.slice(1)])('in %j nothing is seen', (content) => {
  expect(seenIn(content)).toEqual([]);
});
