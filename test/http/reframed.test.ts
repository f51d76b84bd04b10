import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomFor } from '../../src/domain/terminated.ts';
import { reframed } from '../../src/http/reframed.ts';

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const slack = 48;

const cases = {
  before: bytes,
  behind: bytes,
  mark: fc.uint8Array({ maxLength: 3 }).map((array) => Buffer.from(array)),
  parts: fc.tuple(bytes, bytes, bytes),
  hasRoom: fc.boolean(),
};

describe('a frame around a stretch of what was sent', () => {
  it('is written in the same memory or another, and what was sent is still known', () => {
    fc.assert(
      fc.property(fc.record(cases), ({ before, behind, mark, parts, hasRoom }) => {
        const [head, kept] = parts;
        const sent = Buffer.concat(parts);
        const whole = roomFor(mark.length + sent.length, slack);
        whole.set(mark);
        whole.set(sent, mark.length);
        const stretch = { from: head.length, end: head.length + kept.length };
        const room = hasRoom ? Buffer.from(whole.buffer) : undefined;
        const made = reframed(before, whole.subarray(mark.length), stretch, behind, room);

        expect(made.body.equals(Buffer.concat([before, kept, behind]))).toBe(true);
        expect(Buffer.concat(made.sent).equals(sent)).toBe(true);
      }),
    );
  });

  it('takes no memory of its own where there is room, and has a zero behind it', () => {
    const whole = roomFor(100, slack);
    const room = Buffer.from(whole.buffer);
    const { body } = reframed(
      Buffer.from('{"longer than before":'),
      whole,
      { from: 5, end: 95 },
      Buffer.from('}'),
      room,
    );
    expect(body.buffer).toBe(whole.buffer);
    expect(room[body.length]).toBe(0);
  });
});
