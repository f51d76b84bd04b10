import { z } from 'zod';
import { resealWorkspace, secretsByKeyVersion } from '../../operations/resealing.ts';
import { base, envelopeOf, type RouteDeps, visible } from './route.ts';
import { resource, row } from './rows.ts';

const KeyUse = z
  .object({
    /** The key that encrypts what is sealed from now on. */
    newestKeyVersion: z.number(),
    keyVersions: z.array(
      z.object({
        keyVersion: z.number(),
        /** Current secrets of functions, triggers and drafts under it. */
        secrets: z.number(),
        /** False: the server has no such key, and whatever needs these secrets fails. */
        configured: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'KeyUse' });

const keyUse = (deps: RouteDeps, slug: string): z.infer<typeof KeyUse> => ({
  newestKeyVersion: deps.sealing.newest,
  keyVersions: [...secretsByKeyVersion(deps, slug)]
    .sort(([left], [right]) => left - right)
    .map(([keyVersion, secrets]) => ({
      keyVersion,
      secrets,
      configured: deps.sealing.knows(keyVersion),
    })),
});

/** Under which keys the workspace's secrets are sealed; never the secrets themselves. */
export const secrets = resource(
  { tag: 'secrets', at: `${base}/secrets`, right: 'secrets' },
  (deps) => [
    row({
      operationId: 'getKeyUse',
      method: 'GET',
      path: '',
      summary: 'Tell which encryption keys are in use',
      description: 'A key that holds no current secret is needed for former versions only.',
      answer: KeyUse,
      handle: ({ params }) => keyUse(deps, params.slug),
    }),
    row({
      operationId: 'reencryptSecrets',
      method: 'POST',
      path: '/re-encrypt',
      summary: 'Seal all current secrets with the newest encryption key',
      description:
        'May be repeated, and should be when it was interrupted. No trigger and no function gets a new version by it; their `ETag` changes.',
      answer: KeyUse.extend({ resealed: z.number() }).meta({ id: 'Resealed' }),
      handle: async (request) => {
        const { resealed, position } = await resealWorkspace(deps, envelopeOf(deps, request));
        await visible(deps, position);
        return { ...keyUse(deps, request.params.slug), resealed };
      },
    }),
  ],
);
