import type { EventStore } from '../../../src/store/event-store.ts';
import { newStream, sample } from '../contract/sample.ts';

/** Keeps appending beside a test, to a stream that is new and to one of long ago at once. */
export const startOtherWriter = async (store: EventStore, aheadOfTest: number) => {
  const lengths = new Map<string, number>();
  const names: string[] = [];
  let going = true;
  let turn = 1;

  const append = async (stream: string): Promise<void> => {
    const length = lengths.get(stream) ?? 0;
    lengths.set(stream, length + 1);
    const { revision } = await store.append(stream, length === 0 ? 'no_stream' : length - 1, [
      sample({ length }),
    ]);
    if (revision !== length) throw new Error(`${stream} got revision ${revision}, not ${length}`);
  };
  const anOlderOne = (): string => {
    turn = (turn * 48_271) % 2_147_483_647;
    return names[turn % names.length] ?? newStream();
  };
  const writeBoth = async (): Promise<void> => {
    const fresh = newStream();
    await Promise.all([append(fresh), append(anOlderOne())]);
    names.push(fresh);
  };
  const write = async (): Promise<void> => {
    while (going) await writeBoth();
  };
  while (names.length < aheadOfTest) await writeBoth();
  const ended = write();
  // Whoever stops it hears of a failure.
  ended.catch(() => undefined);
  return {
    stop: async (): Promise<ReadonlyMap<string, number>> => {
      going = false;
      await ended;
      return lengths;
    },
  };
};
