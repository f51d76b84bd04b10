import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createEventStream, frameOf } from '../../src/http/event-stream.ts';
import { createManualClock } from '../log/manual-clock.ts';

const long = 'x'.repeat(70_000);

const streaming = () => {
  const time = createManualClock();
  let gone = 0;
  const stream = createEventStream(time.clock, () => {
    gone += 1;
  });
  return { ...time, ...stream, gone: () => gone };
};

describe('a frame', () => {
  it.each([
    [{ id: '7' }, 'id: 7\n\n'],
    [{ id: '7', data: { a: 1 } }, 'id: 7\ndata: {"a":1}\n\n'],
    [{ event: 'cut', data: 'two\nlines\r' }, 'event: cut\ndata: "two\\nlines\\r"\n\n'],
  ])('of %j', (parts, expected) => {
    expect(frameOf(parts)).toBe(expected);
  });
});

describe('an event stream', () => {
  it('holds what its reader has not taken, and says when that is too much for too long', async () => {
    const stream = streaming();
    expect(await stream.send('a', 100)).toBe(true);
    const sent = stream.send(long, 100);
    stream.advance(100);
    expect(await sent).toBe(false);
    expect(stream.pending()).toBe(0);
  });

  it('goes on as soon as its reader takes something', async () => {
    const stream = streaming();
    const sent = stream.send(long, 100);
    expect(stream.body.read()).toHaveLength(long.length);
    expect(await sent).toBe(true);
    expect(stream.pending()).toBe(0);
  });

  it('ends with the last words', async () => {
    const stream = streaming();
    await stream.send('one', 100);
    stream.end('two', 100);
    expect(await text(stream.body)).toBe('onetwo');
    expect([stream.gone(), stream.pending()]).toEqual([1, 0]);
  });

  it('waits for nobody who does not come to read them', async () => {
    const stream = streaming();
    void stream.send(long, 100);
    stream.end('two', 100);
    const closed = once(stream.body, 'close');
    stream.advance(100);
    await closed;
    expect(stream.gone()).toBe(1);
  });

  it('is over when its reader goes, whoever waits', async () => {
    const stream = streaming();
    const sent = stream.send(long, 100);
    stream.body.destroy(new Error('reset'));
    expect(await sent).toBe(false);
    expect(await stream.send('more', 100)).toBe(false);
    stream.end('nobody hears', 100);
    expect([stream.gone(), stream.pending()]).toEqual([1, 0]);
  });
});
