import { z } from 'zod';
import { isFact, type Recorded } from '../../domain/events.ts';
import { replayStream } from '../../domain/ids.ts';
import { SkipReason } from '../../domain/replay/order.ts';
import type { EventStore } from '../../store/event-store.ts';
import { cursorOf, keyIn } from './paging.ts';

export const SkippedItem = z.object({
  eventId: z.string(),
  /** Null where no trigger has a part in it. */
  triggerId: z.string().nullable(),
  reason: SkipReason,
});
type SkippedItem = z.infer<typeof SkippedItem>;

const factsAtOnce = 100;

async function* progressOf(
  { readStream }: Pick<EventStore, 'readStream'>,
  replayId: string,
  first: number,
): AsyncGenerator<Recorded<'ReplayAdvanced'>> {
  for (let from = first, isLast = false; !isLast; ) {
    const page = await readStream(replayStream(replayId), { from, maxCount: factsAtOnce });
    for (const fact of page) if (isFact(fact, 'ReplayAdvanced')) yield fact;
    isLast = page.length < factsAtOnce;
    from = (page.at(-1)?.revision ?? from) + 1;
  }
}

/** What a replay has passed over, as its facts list it, from behind a cursor on. */
async function* skipsOf(
  store: Pick<EventStore, 'readStream'>,
  replayId: string,
  [revision, index]: readonly [revision: number, index: number],
): AsyncGenerator<{ readonly key: [number, number]; readonly item: SkippedItem }> {
  for await (const fact of progressOf(store, replayId, revision)) {
    const from = fact.revision > revision ? 0 : index + 1;
    for (const [at, { arrivalId: eventId, ...rest }] of fact.data.listed.slice(from).entries())
      yield { key: [fact.revision, from + at], item: { eventId, ...rest } };
  }
}

export const pageOfSkips = async (
  store: Pick<EventStore, 'readStream'>,
  replayId: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ skipped: SkippedItem[]; next: string | null }> => {
  const [revision, index] = after === undefined ? [0, -1] : keyIn(after, [0, 0]);
  const skipped: SkippedItem[] = [];
  let last: [number, number] | undefined;
  for await (const { key, item } of skipsOf(store, replayId, [Number(revision), Number(index)])) {
    if (skipped.length === limit) return { skipped, next: last ? cursorOf(last) : null };
    skipped.push(item);
    last = key;
  }
  return { skipped, next: null };
};
