import { TriplineError } from '../domain/errors.ts';

export const notFound = (what: string): TriplineError =>
  new TriplineError('not-found', `there is no such ${what} in this workspace`);

/** What another workspace has does not exist here. */
export const existing = <Entry extends { readonly workspace: string }>(
  what: string,
  find: (id: string) => Entry | undefined,
  { slug, id }: { readonly slug: string; readonly id: string },
): Entry => {
  const entry = find(id);
  if (entry?.workspace !== slug) throw notFound(what);
  return entry;
};
