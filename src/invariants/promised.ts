import type { DataOf, Recorded } from '../domain/events.ts';
import type { Position } from '../domain/position.ts';
import { listenersOf } from './listening.ts';
import type { Register, Trigger } from './register.ts';
import { type Terms, termsFor } from './terms.ts';
import { isWantedBy } from './wanting.ts';

/** What an arrival owes to one trigger. */
export interface Owed {
  readonly triggerId: string;
  /** Undefined where the trigger is gone. */
  readonly trigger: Trigger | undefined;
  /** On what terms, where it is invoked. */
  readonly terms: Terms | undefined;
  /** Why it is not invoked; null: it is. Of what does not pass its filter nothing is on record. */
  readonly withheld: DataOf<'EventWithheld'>['triggers'][number]['reason'] | 'filtered' | null;
  /** False where it cannot be told here whether it passes its filter. */
  readonly isSure: boolean;
}

/** Their senders are answered by one trigger, and turned away while it takes nothing. */
const answeredByOne: ReadonlySet<string> = new Set(['webhook', 'on-demand']);

/** What lies beside the log; undefined where it is gone, or not at hand. */
export type BodyAt = (place: Position) => Uint8Array | undefined;

const owedBy = (
  register: Register,
  bodyAt: BodyAt,
  arrival: Recorded<'EventArrived'>,
): readonly Owed[] => {
  const { data, metadata, position } = arrival;
  const { acceptedFor, source } = data;
  const to = (trigger: Trigger, alwaysFires: boolean): Owed => {
    const { triggerId, functionId, status } = trigger;
    const terms = termsFor(trigger, register.functions.get(functionId), data, () =>
      bodyAt(position),
    );
    const isWanted = isWantedBy(trigger, data, () => bodyAt(position));
    const standing = alwaysFires || status === 'active' ? null : status;
    const withheld = isWanted === false ? 'filtered' : standing;
    return { triggerId, trigger, terms, withheld, isSure: isWanted !== undefined };
  };
  if (acceptedFor === undefined) {
    const fires = answeredByOne.has(source.kind);
    return listenersOf(register, metadata.workspace, source).map((trigger) => to(trigger, fires));
  }
  const { triggerId } = acceptedFor;
  const trigger = register.triggers.get(triggerId);
  if (trigger !== undefined) return [to(trigger, true)];
  return [{ triggerId, trigger, terms: undefined, withheld: 'deleted', isSure: true }];
};

/** Those that came in after it was decided on and start from the past: nothing may be between that and them. */
const owedLate = (
  register: Register,
  bodyAt: BodyAt,
  arrival: Recorded<'EventArrived'>,
  decidedAt: string,
): readonly Owed[] =>
  arrival.data.acceptedFor === undefined && decidedAt < arrival.position
    ? owedBy(register, bodyAt, arrival).filter(
        ({ trigger, withheld }) => withheld === null && (trigger?.lateAt ?? '') > decidedAt,
      )
    : [];

/**
 * The triggers an arrival concerns, as of where it was decided on, else of its place in the log. Who was told by a trigger that it
 * has taken the event gets it from that trigger, whatever becomes of names and paths meanwhile. To
 * be asked while the arrival is taken; asked twice, it answers alike.
 */
export const createPromises = (register: Register, bodyAt: BodyAt) => {
  let last: { readonly arrival: unknown; readonly owed: readonly Owed[] } | undefined;
  return (arrival: Recorded<'EventArrived'>): readonly Owed[] => {
    if (last?.arrival === arrival) return last.owed;
    const { decidedAt = arrival.position } = arrival.data;
    const owed = [
      ...register.asOf(decidedAt, () => owedBy(register, bodyAt, arrival)),
      ...owedLate(register, bodyAt, arrival, decidedAt),
    ];
    last = { arrival, owed };
    return owed;
  };
};

/** Whether nobody was told anything that this arrival has to keep. */
export const mayConcernNobody = ({ data }: Recorded<'EventArrived'>): boolean =>
  !answeredByOne.has(data.source.kind);
