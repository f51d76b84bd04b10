import { z } from 'zod';

export const resources = [
  'function-triggers',
  'compute-functions',
  'events',
  'payloads',
  'audit',
  'api-keys',
  'secrets',
  'metrics',
] as const;
export type Resource = (typeof resources)[number];
/** `function-triggers:read`: what a route asks for and a token grants. */
export type Scope = `${Resource}:${'read' | 'write'}`;
export const scopes: readonly Scope[] = resources.flatMap(
  (resource) => [`${resource}:read`, `${resource}:write`] as const,
);

/** Who is asking, and what they may. */
export interface Principal {
  /** In a token's own words, or the name of the actor. */
  readonly subject: string;
  /** What every fact recorded for it carries: `user:<sub>` or `key:<id>`. */
  readonly actor: string;
  /** Of an API key: what it hands out must not live longer. Null where there is no such bound. */
  readonly expiresAt: string | null;
  readonly workspaces: ReadonlySet<string>;
  readonly scopes: ReadonlySet<string>;
}

const Words = z.array(z.string());
const WordsOrText = z.union([z.string().transform((text) => text.split(' ')), Words]);

/** By resource, or as words like those of `scope`. */
const Permissions = z.union([z.record(z.string(), Words), Words]);
type Permissions = z.infer<typeof Permissions>;

const Claims = z.object({
  sub: z.string().min(1).max(256),
  workspace: z.string().min(1).optional(),
  workspaces: z.array(z.string().min(1)).optional(),
  permissions: Permissions.optional(),
  scope: WordsOrText.optional(),
  scp: WordsOrText.optional(),
});

const listed = (permissions: Permissions): readonly string[] =>
  Array.isArray(permissions)
    ? permissions
    : Object.entries(permissions).flatMap(([resource, rights]) =>
        rights.map((right) => `${resource}:${right}`),
      );

/** The claims of a token whose signature holds; undefined where they do not have the agreed form. */
export const principalOf = (claims: unknown): Principal | undefined => {
  const parsed = Claims.safeParse(claims);
  if (!parsed.success) return undefined;
  const { sub, workspace, workspaces = [], permissions = [], scope = [], scp = [] } = parsed.data;
  return {
    subject: sub,
    actor: `user:${sub}`,
    expiresAt: null,
    workspaces: new Set(workspace === undefined ? workspaces : [workspace, ...workspaces]),
    scopes: new Set([...listed(permissions), ...scope, ...scp]),
  };
};

/** Whoever may write may read. */
export const grants = ({ scopes }: Principal, scope: Scope): boolean =>
  scopes.has(scope) || (scope.endsWith(':read') && scopes.has(scope.replace(/read$/, 'write')));
