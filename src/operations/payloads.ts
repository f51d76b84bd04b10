import { arrivalAddress } from '../actors/addresses.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Envelope, Recorded } from '../domain/events.ts';
import type { Position } from '../domain/position.ts';
import type { OperationsDeps } from './deps.ts';
import { visible } from './visible.ts';

type Arrived = Recorded<'EventArrived'>;

const inRecord = (): TriplineError =>
  new TriplineError(
    'payload-not-forgettable',
    'the body lies in the record itself, which cannot be changed',
  );

/** Where the facts are whose bytes an event has beside the log. */
const placesOf = ({ position, data: { body } }: Arrived): readonly Position[] => {
  if ('encoding' in body) throw inRecord();
  return [position];
};

/** What people ask of bodies. */
export const createPayloads = (deps: OperationsDeps) => {
  const { store, actors } = deps;

  /** What is there no longer may be forgotten, too. */
  const mustBeForgettable = async (position: Position): Promise<void> => {
    const [part] = await store.readPayloads([{ position }], 1);
    if (part?.forgettable === false) throw inRecord();
  };

  return {
    /**
     * Resolves when nobody reads it any more; its bytes go right behind. `payload-not-forgettable`
     * where they cannot, and then nothing is recorded.
     */
    async forget(arrival: Arrived, reason: string | undefined, envelope: Envelope): Promise<void> {
      const places = placesOf(arrival);
      await Promise.all(places.map(mustBeForgettable));
      const address = arrivalAddress(arrival.data.arrivalId);
      const command = { type: 'ForgetPayload', places, reason } as const;
      const { position } = await actors.ask(address, command, envelope);
      await visible(deps, position);
    },
  };
};
