import type { EventStore } from '../store/event-store.ts';
import type { Address, Standing } from './address.ts';
import { createRecent } from './recent.ts';
import { loadStanding } from './stream-history.ts';

/** What a decision rests on. */
export interface Basis<State> extends Standing<State> {
  /** False for what was assumed or may have been overtaken: no refusal may rest on it. */
  readonly certain: boolean;
}

/** What is known of entities without reading, and the reading. */
export const createMemory = (
  store: Pick<EventStore, 'readStream' | 'exclusive'>,
  capacity: number,
) => {
  const cache = createRecent<Basis<unknown>>(capacity);

  const recall = <State, Command>({ stream }: Address<State, Command>) =>
    cache.get(stream) as Basis<State> | undefined;

  const load = async <State, Command>({
    stream,
    decider,
  }: Address<State, Command>): Promise<Basis<State>> => ({
    ...(await loadStanding(store, stream, decider)),
    certain: true,
  });

  return {
    load,
    /** Without reading where that is possible. */
    basisOf<State, Command>(
      address: Address<State, Command>,
    ): Basis<State> | Promise<Basis<State>> {
      const kept = recall(address);
      if (kept !== undefined) return kept;
      if (address.fresh !== true) return load(address);
      const state = address.decider.initialState;
      return { state, revision: 'no_stream', position: undefined, certain: false };
    },
    /** As the log has it, also where others write to it. */
    async certainBasisOf<State, Command>(address: Address<State, Command>): Promise<Basis<State>> {
      const kept = recall(address);
      return kept?.certain === true ? kept : await load(address);
    },
    keep<State, Command>(
      { stream, isOver }: Address<State, Command>,
      { state, revision, position }: Standing<State>,
    ): void {
      if (isOver?.(state) === true) cache.delete(stream);
      else cache.set(stream, { state, revision, position, certain: store.exclusive });
    },
    drop: (stream: string): void => cache.delete(stream),
  };
};
