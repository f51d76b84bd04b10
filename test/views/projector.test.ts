import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { invocations } from '../../projections/invocations.ts';
import { silentLogger } from '../../src/domain/logger.ts';
import { createProjector } from '../../src/views/projector.ts';
import { createTable } from '../../src/views/table-layout.ts';
import { openTable } from '../../src/views/view-table.ts';
import { positionOf, recorded } from './history.ts';
import { queued, started, succeeded } from './stories.ts';

const log = recorded([
  ...[queued('i1'), queued('i2'), queued('i3')],
  ...[started('i1'), succeeded('i1'), queued('i4')],
]);

const begun = () => {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  createTable(db, invocations);
  const table = openTable(db, invocations);
  const begin = { position: positionOf(0), eventId: '', ordinal: 0 };
  const projector = createProjector(invocations, table, begin, silentLogger);
  const statusOf = (id: string) => table.get(id)?.status;
  return { projector, table, statusOf };
};

describe('a projector', () => {
  it('takes each event once, also where it is followed together with one that is behind', () => {
    const { projector, statusOf } = begun();
    projector.apply(log.slice(0, 5));
    projector.apply(log.slice(1, 3));
    expect([projector.position, projector.pendingEvents]).toEqual([positionOf(5), 5]);
    projector.apply(log.slice(2));
    projector.apply([]);
    expect(projector.write()).toEqual({
      position: positionOf(6),
      eventId: log.at(-1)?.id,
      ordinal: 6,
    });
    expect(['i1', 'i2', 'i3', 'i4'].map(statusOf)).toEqual([
      'succeeded',
      ...['queued', 'queued', 'queued'],
    ]);
    expect(projector.poisoned).toBe(0);
  });

  it('writes what it has folded once', () => {
    const { projector, table } = begun();
    projector.apply(log);
    expect([projector.pendingEvents, projector.pendingDocuments]).toEqual([6, 4]);
    projector.write();
    projector.written();
    expect([projector.pendingEvents, projector.pendingDocuments]).toEqual([0, 0]);
    expect(table.count()).toBe(4);
  });

  it('has nothing to write where nothing it shows has changed', () => {
    const { projector } = begun();
    projector.apply(recorded([{ stream: 'arrival-a', fact: { type: 'SomethingElse', data: {} } }]));
    expect([projector.pendingEvents, projector.pendingDocuments]).toEqual([1, 0]);
  });
});
