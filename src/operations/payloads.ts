import type { BodyBeside } from '../../projections/bounded.ts';
import type { InvocationDocument } from '../../projections/invocations.ts';
import { arrivalAddress } from '../actors/addresses.ts';
import { TriplineError } from '../domain/errors.ts';
import type { Envelope, Recorded } from '../domain/events.ts';
import type { Payload } from '../domain/payload.ts';
import { asPosition, type Position } from '../domain/position.ts';
import type { OperationsDeps } from './deps.ts';
import { visible } from './visible.ts';

type Arrived = Recorded<'EventArrived'>;

const inRecord = (): TriplineError =>
  new TriplineError(
    'payload-not-forgettable',
    'the body lies in the record itself, which cannot be changed',
  );

/** Where the fact is whose bytes an event has beside the log. */
const placeOf = ({ position, data: { body } }: Arrived): Position => {
  if ('encoding' in body) throw inRecord();
  return position;
};

const placeBeside = (body: Payload | BodyBeside | null | undefined): readonly Position[] =>
  body && 'at' in body ? [asPosition(body.at)] : [];

const answersOf = ({ result, attempts }: InvocationDocument): readonly Position[] => [
  ...placeBeside(result?.body),
  ...attempts.flatMap(({ failure }) => placeBeside(failure?.body)),
];

const pageSize = 100;

/** What people ask of bodies. */
export const createPayloads = (
  deps: Pick<OperationsDeps, 'engine' | 'store' | 'actors' | 'views'>,
) => {
  const { engine, store, actors, views } = deps;

  /** What is there no longer may be forgotten, too. */
  const isForgettable = async (position: Position): Promise<boolean> => {
    const [part] = await store.readPayloads([{ position }], 1);
    return part?.forgettable !== false;
  };

  /** Where the long answers lie of all that was called because of it. */
  const answersTo = async ({ data, metadata }: Arrived): Promise<readonly Position[]> => {
    const where = { workspace: metadata.workspace, arrivalId: data.arrivalId };
    const places: Position[] = [];
    let after: string | undefined;
    do {
      const page = await views.find('invocations', { where, after, limit: pageSize, order: 'asc' });
      for (const document of page.documents) places.push(...answersOf(document));
      after = page.next ?? undefined;
    } while (after !== undefined);
    return places;
  };

  return {
    /**
     * Resolves when nobody reads it any more, nor the long answers to it, which may be its echo; its
     * bytes go right behind. `payload-not-forgettable` where they cannot, and then nothing is recorded.
     */
    async forget(arrival: Arrived, reason: string | undefined, envelope: Envelope): Promise<void> {
      const record = async (places: readonly Position[]): Promise<void> => {
        const address = arrivalAddress(arrival.data.arrivalId);
        const command = { type: 'ForgetPayload', places, reason } as const;
        const { position } = await actors.ask(address, command, envelope);
        await visible(deps, position);
      };
      const body = placeOf(arrival);
      if (!(await isForgettable(body))) throw inRecord();
      await record([body]);
      // From here on nothing is called with it, and no answer of a call under way is kept.
      await visible(deps, await engine.invocations.recorded());
      const answers: Position[] = [];
      for (const place of await answersTo(arrival)) {
        if (await isForgettable(place)) answers.push(place);
      }
      if (answers.length === 0) return;
      await record(answers);
      await store.forgetPayloads(answers);
    },
  };
};
