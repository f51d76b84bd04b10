import type { ColdName, DocumentOf } from '../../projections/index.ts';
import type { FindQuery, FoundPage, Views } from './views.ts';

const pageSize = 1_000;

/**
 * All that a question finds, in the order of the log, a page at a time; the next one is asked for while
 * this one is looked at.
 */
export async function* everyDocument<Name extends ColdName>(
  views: Pick<Views, 'find'>,
  name: Name,
  query: Pick<FindQuery, 'where' | 'between' | 'after'>,
): AsyncGenerator<DocumentOf<Name>> {
  const ask = (after: string | undefined): Promise<FoundPage<DocumentOf<Name>>> => {
    const asked = views.find(name, { ...query, order: 'asc', after, limit: pageSize });
    // Nobody may come for it, who has seen enough.
    asked.catch(() => {});
    return asked;
  };
  for (let next: ReturnType<typeof ask> | undefined = ask(query.after); next !== undefined; ) {
    const page: FoundPage<DocumentOf<Name>> = await next;
    next = page.next === null ? undefined : ask(page.next);
    yield* page.documents;
  }
}
