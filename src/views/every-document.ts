import type { ColdName, DocumentOf } from '../../projections/index.ts';
import type { FindQuery, Views } from './views.ts';

const pageSize = 500;

/** All that a question finds, in the order of the log, a page at a time. */
export async function* everyDocument<Name extends ColdName>(
  views: Pick<Views, 'find'>,
  name: Name,
  where: FindQuery['where'],
): AsyncGenerator<DocumentOf<Name>> {
  for (let after: string | undefined; ; ) {
    const page = await views.find(name, { where, order: 'asc', after, limit: pageSize });
    yield* page.documents;
    if (page.next === null) return;
    after = page.next;
  }
}
