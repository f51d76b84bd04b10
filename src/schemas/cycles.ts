import { noSchema } from './keyword.ts';

/** A schema and those that it asks of the same value. */
export interface Linked {
  /** A JSON pointer into the whole. */
  readonly at: string;
  readonly inPlace: Linked[];
}

/** A schema that asks itself of the same value never ends. Throws `validation-failed` at its place. */
export const refuseCycles = (schemas: Iterable<Linked>): void => {
  const done = new Set<Linked>();
  const path = new Set<Linked>();
  const visit = (schema: Linked): void => {
    if (path.has(schema)) throw noSchema(schema.at, 'refers to itself without an end');
    if (done.has(schema)) return;
    path.add(schema);
    for (const next of schema.inPlace) visit(next);
    path.delete(schema);
    done.add(schema);
  };
  for (const schema of schemas) visit(schema);
};
