import { z } from 'zod';

/** Members of everything that somebody of a workspace made. */
export const owned = {
  workspaceSlug: z.string(),
  createdBy: z.string(),
  updatedBy: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
};

/** Members that only the server sets: a client may send them back as it got them. */
export const setByServer = {
  id: z.unknown(),
  workspaceSlug: z.unknown(),
  createdBy: z.unknown(),
  updatedBy: z.unknown(),
  createdAt: z.unknown(),
  updatedAt: z.unknown(),
};

/** People by the `sub` of their token; the system's own parts keep their prefix. */
export const personOf = (actor: string): string =>
  actor.startsWith('user:') ? actor.slice('user:'.length) : actor;

interface Owned {
  readonly workspace: string;
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const ownedOf = (entry: Owned) => ({
  workspaceSlug: entry.workspace,
  createdBy: personOf(entry.createdBy),
  updatedBy: personOf(entry.updatedBy),
  createdAt: entry.createdAt,
  updatedAt: entry.updatedAt,
});
