import { factIndexOf, type Position, recordPositionOf } from '../../domain/position.ts';
import type { PayloadRange } from '../event-store.ts';
import { ordinalOf } from '../log-ordinal.ts';
import { withinBytes } from '../payload-parts.ts';
import type { Connection } from './database.ts';
import type { PayloadTable, StoredPart } from './payload-table.ts';

const rowOf = (place: Position): readonly [position: number, fact: number] => [
  ordinalOf(recordPositionOf(place)),
  factIndexOf(place),
];

export const partsIn = (
  table: PayloadTable,
  ranges: readonly PayloadRange[],
  maxBytes: number,
): readonly (StoredPart | undefined)[] =>
  withinBytes(ranges, maxBytes, ({ position, from = 0 }, budget) => {
    const value = table.read(...rowOf(position), from, budget);
    return { value, bytes: value?.bytes.length ?? 0 };
  });

/**
 * What is deleted is overwritten, and its pages are used for what comes next: the file does not grow
 * as long as as much is forgotten as arrives.
 */
export const forgetIn = (
  db: Connection,
  table: PayloadTable,
  positions: readonly Position[],
): void => {
  const rows = positions.map(rowOf);
  db.pragma('secure_delete = ON');
  try {
    db.transaction(() => {
      for (const row of rows) table.delete(...row);
    })();
  } finally {
    db.pragma('secure_delete = OFF');
  }
};
