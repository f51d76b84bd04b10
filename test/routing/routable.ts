import type { Routable } from '../../src/routing/route.ts';

/** An arrival in the workspace acme, empty unless said otherwise. */
export const routable = ({
  body = Buffer.alloc(0),
  ...more
}: Partial<Routable> & {
  readonly body?: Buffer;
  readonly source: Routable['source'];
}): Routable => ({
  ...{ workspace: 'acme', arrivalId: 'arrival-1', request: null, bodyOf: () => body },
  ...more,
});
