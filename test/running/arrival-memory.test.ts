import { describe, expect, it } from 'vitest';
import type { BodyAtHand } from '../../src/domain/payload.ts';
import type { Arrival } from '../../src/log/read-arrival.ts';
import { createArrivalMemory } from '../../src/running/arrival-memory.ts';

const arrivalOf = (arrivalId: string) => ({ data: { arrivalId } }) as Arrival;

const mebibyte = 1_048_576;

/** Every body is at hand, and as long as it says. */
const memoryOf = (body: (arrivalId: string) => BodyAtHand | undefined) =>
  createArrivalMemory(
    { readStream: async () => [], readPayloads: async () => [] },
    { atHand: ({ data }) => body(data.arrivalId) },
  );

const long = (bytes: number) => () => Buffer.alloc(bytes - 1_024);
const short = () => Buffer.from('{}');

describe('an arrival on its way', () => {
  it('is there for as many first attempts as will ask for it', () => {
    const memory = memoryOf(short);
    memory.keep(arrivalOf('a'), 1);
    memory.keep(arrivalOf('a'), 2);
    for (let n = 0; n < 3; n += 1) expect(memory.take('a')?.arrival).toEqual(arrivalOf('a'));
    expect(memory.take('a')).toBeUndefined();
    expect(memory.size).toBe(0);
  });

  it('is not kept where its body is not at hand', () => {
    const memory = memoryOf(() => undefined);
    memory.keep(arrivalOf('a'), 1);
    expect(memory.size).toBe(0);
  });

  it('is there for nobody once it was forgotten', () => {
    const memory = memoryOf(short);
    memory.keep(arrivalOf('a'), 2);
    memory.forget('a');
    memory.forget('never kept');
    expect(memory.take('a')).toBeUndefined();
  });

  it('whose stream begins with something else is a fault', async () => {
    await expect(memoryOf(short).read('a')).rejects.toThrow(TypeError);
  });
});

describe('what is kept', () => {
  const fill = (memory: ReturnType<typeof memoryOf>): void => {
    for (let n = 0; n < 64; n += 1) memory.keep(arrivalOf(`of ${n}`), 1);
  };

  it('is 64 MiB, and not a byte more', () => {
    const memory = memoryOf(long(mebibyte));
    fill(memory);
    expect(memory.size).toBe(64);
    memory.keep(arrivalOf('one more'), 1);
    expect(memory.take('one more')).toBeUndefined();
  });

  it('counts texts by their length, too', () => {
    const content = 'x'.repeat(mebibyte);
    const memory = memoryOf(() => ({ encoding: 'utf8', content }));
    fill(memory);
    expect(memory.size).toBe(63);
  });

  it('makes room when it is taken, and when it is forgotten', () => {
    for (const letGo of ['take', 'forget'] as const) {
      const memory = memoryOf(long(mebibyte));
      fill(memory);
      memory[letGo]('of 7');
      memory.keep(arrivalOf('one more'), 1);
      memory.keep(arrivalOf('too many'), 1);
      expect(memory.take('one more')).toBeDefined();
      expect(memory.take('too many')).toBeUndefined();
    }
  });
});
