import { expect, it } from 'vitest';
import { silentLogger } from '../../src/domain/logger.ts';
import { captureOfText, textOfCapture } from '../../src/views/capture-text.ts';
import { createHotViews } from '../../src/views/hot-views.ts';
import { recorded } from './history.ts';
import { cancelled, queued, triggerRegistered } from './stories.ts';

it.each([0, 1, 512, 513, 2_000])('brings a capture of %i invocations over', async (count) => {
  const views = createHotViews({ log: silentLogger });
  const ids = Array.from({ length: count }, (_, n) => `i${n}`);
  views.apply(recorded([triggerRegistered('t1'), ...ids.map((id) => queued(id))]));
  const whole = views.capture();
  views.apply(
    recorded(
      ids.map((id) => cancelled(id)),
      count + 2,
    ),
  );
  const rest = views.capture();
  for (const capture of [whole, rest]) {
    expect(captureOfText(await textOfCapture(capture, async () => {}))).toEqual(capture);
  }
});

it('pauses between its parts, and what happens meanwhile does not change it', async () => {
  const views = createHotViews({ log: silentLogger });
  const ids = Array.from({ length: 1_100 }, (_, n) => `i${n}`);
  views.apply(recorded(ids.map((id) => queued(id))));
  const capture = views.capture();
  let pauses = 0;
  const text = await textOfCapture(capture, async () => {
    pauses += 1;
    views.apply(recorded([cancelled(`i${1_100 - pauses}`)], 1_100 + pauses));
  });
  expect(pauses).toBe(2);
  expect(captureOfText(text).changed.queue.map(([key]) => key)).toEqual(ids);
});
