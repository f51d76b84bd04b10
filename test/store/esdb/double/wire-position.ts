import { asPosition, beginning, type Position } from '../../../../src/domain/position.ts';

export interface WirePosition {
  readonly commit: string;
  readonly prepare: string;
}

/** Both parts differ, as on a real server, so that a client that drops one of them is found out. */
export const toWire = (position: Position): WirePosition => {
  const ordinal = position === beginning ? 0n : BigInt(position);
  return { commit: String(ordinal * 100n), prepare: String(ordinal * 100n - (ordinal && 7n)) };
};

/** Undefined for a position that was never given out. */
export const fromWire = ({ commit, prepare }: WirePosition): Position | undefined => {
  const ordinal = BigInt(commit) / 100n;
  const position = ordinal === 0n ? beginning : asPosition(String(ordinal).padStart(16, '0'));
  const given = toWire(position);
  return given.commit === commit && given.prepare === prepare ? position : undefined;
};
