import { TriplineError } from '../../domain/errors.ts';
import { asPosition, beginning, type Position } from '../../domain/position.ts';

/** Both parts as the server gave them; it refuses a position put together by anyone else. */
export interface EsdbPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** A 64-bit number has at most 20 digits. */
const digits = 20;
const wellFormed = /^(\d{20})\/(\d{20})$/;

export const positionOf = ({ commit, prepare }: EsdbPosition): Position =>
  asPosition(`${String(commit).padStart(digits, '0')}/${String(prepare).padStart(digits, '0')}`);

/** Refuses a position that another kind of store gave out. */
const esdbPositionOf = (position: Position): EsdbPosition => {
  const [, commit, prepare] = wellFormed.exec(position) ?? [];
  if (commit === undefined || prepare === undefined) {
    throw new TriplineError('validation-failed', `'${position}' is not a position of this store`);
  }
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
};

export type EsdbPlace = EsdbPosition | 'start' | 'end';

export const placeOf = (from: Position | 'start' | 'end'): EsdbPlace => {
  if (from === 'end') return 'end';
  return from === 'start' || from === beginning ? 'start' : esdbPositionOf(from);
};
