import type { Statement } from 'better-sqlite3';
import type { Connection } from '../../../src/store/sqlite/database.ts';

/** Called around every writing step, `BEGIN` and `COMMIT` among them. What it throws, the step throws. */
export interface Watcher {
  before(sql: string): void;
  after(sql: string): void;
}

const bound = (target: object, property: string | symbol): unknown => {
  const value = Reflect.get(target, property, target);
  return typeof value === 'function' ? value.bind(target) : value;
};

const watchedStatement = (statement: Statement, watcher: Watcher): Statement => {
  const proxy: Statement = new Proxy(statement, {
    get: (target, property) => {
      if (property === 'pluck' || property === 'raw') {
        return () => {
          target[property]();
          return proxy;
        };
      }
      if (property !== 'run') return bound(target, property);
      return (...values: unknown[]) => {
        watcher.before(target.source);
        const result = target.run(...values);
        watcher.after(target.source);
        return result;
      };
    },
  });
  return proxy;
};

/** A connection on which a test stands beside each step, to look around or to make it fail. */
export const watched = (db: Connection, watcher: Watcher): Connection =>
  new Proxy(db, {
    get: (target, property) => {
      if (property === 'prepare') {
        return (sql: string) => watchedStatement(target.prepare(sql), watcher);
      }
      if (property !== 'exec') return bound(target, property);
      return (sql: string) => {
        watcher.before(sql);
        target.exec(sql);
        watcher.after(sql);
      };
    },
  });
