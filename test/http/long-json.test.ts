import { describe, expect, it } from 'vitest';
import { readLongJson, standIn } from '../../src/http/long-json.ts';

const long = 'y'.repeat(70_000);

describe('long JSON', () => {
  it.each([
    ['a text', JSON.stringify(long), 'string'],
    ['a list', JSON.stringify([long]), 'object'],
    ['an object', JSON.stringify({ long }), 'object'],
    ['a number', '1'.repeat(70_000), 'number'],
  ])(
    'is read but for its longest member, of which only the type is right: %s',
    (_, member, type) => {
      const bytes = Buffer.from(`{"topic":"a.é", "content": ${member} ,"sender":null}`);
      const { value, text, leftOut } = readLongJson(bytes);
      const { content, ...rest } = value as { readonly content: unknown };

      expect(rest).toEqual({ topic: 'a.é', sender: null });
      expect(typeof content).toBe(type);
      expect(JSON.stringify(content).length).toBeLessThan(3_000);
      expect(text).toBe(`{"topic":"a.é", "content": ${standIn} ,"sender":null}`);
      expect(bytes.toString('utf8', leftOut?.from, leftOut?.end) === member).toBe(true);
    },
  );

  it('stays longer than any name may be', () => {
    const { value } = readLongJson(Buffer.from(JSON.stringify({ topic: long })));
    expect((value as { readonly topic: string }).topic.length).toBeGreaterThan(1_024);
  });

  it.each([['{"a":1}'], ['[1,2]'], [JSON.stringify([long])], ['3']])(
    'is read as a whole where no member is long',
    (text) => {
      const read = readLongJson(Buffer.from(text));
      expect(read).toEqual({ value: JSON.parse(text), text, leftOut: undefined });
    },
  );
});
