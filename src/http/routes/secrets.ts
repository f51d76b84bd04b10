import { z } from 'zod';
import { resealWorkspace, secretsByKeyVersion } from '../resealing.ts';
import {
  base,
  envelopeOf,
  InWorkspace,
  type Resource,
  type RouteDeps,
  tokenNeeded,
  typed,
  visible,
} from './route.ts';

const tags = ['secrets'];
const security = tokenNeeded;

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
export const secrets: Resource = (deps, plain) => {
  const app = typed(plain);

  app.get(
    `${base}/secrets`,
    {
      config: { scope: 'secrets:read' },
      schema: {
        tags,
        security,
        summary: 'Tell which encryption keys are in use',
        description: 'A key that holds no current secret is needed for former versions only.',
        params: InWorkspace,
        response: { 200: KeyUse },
      },
    },
    async ({ params }) => keyUse(deps, params.slug),
  );

  app.post(
    `${base}/secrets/re-encrypt`,
    {
      config: { scope: 'secrets:write' },
      schema: {
        tags,
        security,
        summary: 'Seal all current secrets with the newest encryption key',
        description:
          'May be repeated, and should be when it was interrupted. No trigger and no function gets a new version by it; their `ETag` changes.',
        params: InWorkspace,
        response: { 200: KeyUse.extend({ resealed: z.number() }).meta({ id: 'Resealed' }) },
      },
    },
    async (request) => {
      const { resealed, position } = await resealWorkspace(deps, envelopeOf(deps, request));
      await visible(deps, position);
      return { ...keyUse(deps, request.params.slug), resealed };
    },
  );
};
