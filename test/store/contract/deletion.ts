import { describe, expect, it, vi } from 'vitest';
import { filledStream, newStream, revisionsOf, type StoreUnderTest, sample } from './sample.ts';
import { withCode } from './with-code.ts';

export const deletion = (store: StoreUnderTest): void => {
  describe('a soft-deleted stream', () => {
    it('cannot be read', async () => {
      const stream = await filledStream(store(), 2);
      await store().deleteStream(stream, 1);

      await expect(store().readStream(stream)).rejects.toEqual(withCode('stream-not-found'));
    });

    it('comes back at the next revision, without what it had', async () => {
      const stream = await filledStream(store(), 2);
      await store().deleteStream(stream, 'any');
      await store().append(stream, 'no_stream', [sample()]);

      expect(revisionsOf(await store().readStream(stream))).toEqual([2]);
    });

    it('can be deleted a second time after it came back', async () => {
      const stream = await filledStream(store(), 1);
      await store().deleteStream(stream, 0);
      await store().append(stream, 0, [sample()]);
      await store().deleteStream(stream, 1);

      await expect(store().readStream(stream)).rejects.toEqual(withCode('stream-not-found'));
    });

    it('is deleted only at the expected revision', async () => {
      const stream = await filledStream(store(), 3);

      await expect(store().deleteStream(stream, 1)).rejects.toEqual(
        withCode('wrong-expected-revision'),
      );
      expect(await store().readStream(stream)).toHaveLength(3);
    });

    it('must have existed', async () => {
      await expect(store().deleteStream(newStream(), 0)).rejects.toEqual(
        withCode('wrong-expected-revision'),
      );
    });
  });

  describe('a tombstoned stream', () => {
    it('is told as deleted when read', async () => {
      const stream = await filledStream(store(), 2);
      await store().tombstoneStream(stream, 1);

      await expect(store().readStream(stream)).rejects.toEqual(withCode('stream-deleted'));
    });

    it('cannot be deleted again', async () => {
      const stream = await filledStream(store(), 1);
      await store().tombstoneStream(stream, 'any');

      await expect(store().deleteStream(stream, 'any')).rejects.toEqual(withCode('stream-deleted'));
      await expect(store().tombstoneStream(stream, 'any')).rejects.toEqual(
        withCode('stream-deleted'),
      );
    });

    it('is made only at the expected revision', async () => {
      const stream = await filledStream(store(), 3);

      await expect(store().tombstoneStream(stream, 7)).rejects.toEqual(
        withCode('wrong-expected-revision'),
      );
      expect(await store().readStream(stream)).toHaveLength(3);
    });
  });

  describe('stream metadata', () => {
    it('is empty until it is set', async () => {
      expect(await store().getStreamMetadata(newStream())).toEqual({});
    });

    it('is given back as it was set last', async () => {
      const stream = newStream();
      await store().setStreamMetadata(stream, { maxCount: 3, maxAge: 60 });
      await store().setStreamMetadata(stream, { maxCount: 4 });

      expect(await store().getStreamMetadata(stream)).toEqual({ maxCount: 4 });
    });

    it('shows only the newest events by maxCount, under their own revisions', async () => {
      const stream = await filledStream(store(), 5);
      await store().setStreamMetadata(stream, { maxCount: 2 });

      expect(revisionsOf(await store().readStream(stream))).toEqual([3, 4]);
      expect(revisionsOf(await store().readStream(stream, { direction: 'backwards' }))).toEqual([
        4, 3,
      ]);
      expect(revisionsOf(await store().readStream(stream, { from: 1, maxCount: 1 }))).toEqual([3]);
    });

    it('hides events past maxAge and takes new ones at the next revision', async () => {
      const stream = await filledStream(store(), 2);
      await store().setStreamMetadata(stream, { maxAge: 1 });
      await vi.waitFor(async () => expect(await store().readStream(stream)).toEqual([]), {
        timeout: 10_000,
        interval: 100,
      });

      expect((await store().append(stream, 1, [sample()])).revision).toBe(2);
      expect(revisionsOf(await store().readStream(stream))).toEqual([2]);
    });
  });
};
