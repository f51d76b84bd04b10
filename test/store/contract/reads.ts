import { describe, expect, it } from 'vitest';
import { asPosition, type Position } from '../../../src/domain/position.ts';
import {
  filledStream,
  idsOf,
  newStream,
  revisionsOf,
  type StoreUnderTest,
  sample,
  samples,
} from './sample.ts';
import { withCode } from './with-code.ts';

const backwards = { direction: 'backwards' } as const;

export const reads = (store: StoreUnderTest): void => {
  describe('reading a stream', () => {
    it.each([
      ['everything forwards', {}, [0, 1, 2, 3, 4]],
      ['forwards from a revision, inclusive', { from: 3 }, [3, 4]],
      ['forwards from past the end', { from: 9 }, []],
      ['forwards from the end', { from: 'end' }, []],
      ['a page forwards', { from: 1, maxCount: 2 }, [1, 2]],
      ['everything backwards', backwards, [4, 3, 2, 1, 0]],
      ['backwards from a revision, inclusive', { ...backwards, from: 1 }, [1, 0]],
      ['backwards from past the end', { ...backwards, from: 99, maxCount: 2 }, [4, 3]],
      ['the last event', { ...backwards, from: 'end', maxCount: 1 }, [4]],
    ] as const)('%s', async (_, options, expected) => {
      const stream = await filledStream(store(), 5);
      expect(revisionsOf(await store().readStream(stream, options))).toEqual(expected);
    });

    it('that does not exist is told as such', async () => {
      await expect(store().readStream(newStream())).rejects.toEqual(withCode('stream-not-found'));
    });

    it('that has only metadata finds no stream', async () => {
      const stream = newStream();
      await store().setStreamMetadata(stream, { maxCount: 5 });

      await expect(store().readStream(stream)).rejects.toEqual(withCode('stream-not-found'));
    });

    it('sees an append as soon as it is acknowledged', async () => {
      const stream = newStream();
      for (const [index, event] of samples(5).entries()) {
        await store().append(stream, index === 0 ? 'no_stream' : index - 1, [event]);
        expect(await store().readStream(stream)).toHaveLength(index + 1);
      }
    });
  });

  describe('reading the log', () => {
    /** Five appends of two events each, to different streams. */
    const fill = async (): Promise<{ ids: string[]; positions: Position[] }> => {
      const ids: string[] = [];
      const positions: Position[] = [];
      for (let round = 0; round < 5; round += 1) {
        const events = samples(2);
        const { position } = await store().append(newStream(), 'no_stream', events);
        ids.push(...idsOf(events));
        positions.push(position!);
      }
      return { ids, positions };
    };

    it('forwards includes the position it starts from', async () => {
      const { ids, positions } = await fill();
      const page = await store().readAll({ from: positions[1]!, maxCount: 3 });

      expect(page[0]?.id).toBe(ids[3]);
      expect(page[0]?.position).toBe(positions[1]);
    });

    it('backwards excludes the position it starts from', async () => {
      const { ids, positions } = await fill();
      const page = await store().readAll({ ...backwards, from: positions[1]!, maxCount: 1 });

      expect(idsOf(page)).toEqual([ids[2]]);
    });

    it('gives the events of appends in the order of their acknowledgement', async () => {
      const { ids, positions } = await fill();
      const page = await store().readAll({ from: positions[0]!, maxCount: 1_000 });
      const own = idsOf(page).filter((id) => ids.includes(id));

      expect(own).toEqual(ids.slice(1));
    });

    it('gives strictly rising positions, page by page, without a gap at the seam', async () => {
      const { ids, positions } = await fill();
      const found = [ids[0]];
      let from = positions[0]!;
      while (found.length < ids.length) {
        const page = await store().readAll({ from, maxCount: 3 });
        const rising = page.map(({ position }) => position);
        expect([...rising].sort()).toEqual(rising);
        expect(new Set(rising).size).toBe(rising.length);
        const fresh = idsOf(page).filter((id) => ids.includes(id) && !found.includes(id));
        found.push(...fresh);
        from = rising.at(-1)!;
      }

      expect(found).toEqual(ids);
    });

    it('forwards from the end and backwards from the start is empty', async () => {
      expect(await store().readAll({ from: 'end' })).toEqual([]);
      expect(await store().readAll({ ...backwards, from: 'start' })).toEqual([]);
    });

    it('backwards from the end begins with the newest event', async () => {
      const event = sample();
      const { position } = await store().append(newStream(), 'no_stream', [event]);
      const page = await store().readAll({ ...backwards, from: 'end', maxCount: 20 });

      expect(page.find(({ id }) => id === event.id)?.position).toBe(position);
    });

    it('still holds the events of deleted streams', async () => {
      const stream = newStream();
      const event = sample();
      const { position } = await store().append(stream, 'no_stream', [event]);
      await store().deleteStream(stream, 0);

      expect(idsOf(await store().readAll({ from: position!, maxCount: 1 }))).toEqual([event.id]);
    });

    it('refuses a position that no store gave out', async () => {
      await expect(store().readAll({ from: asPosition('yesterday') })).rejects.toEqual(
        withCode('validation-failed'),
      );
    });
  });
};
