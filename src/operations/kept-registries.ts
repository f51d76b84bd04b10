import type { RegistryEntry } from '../../projections/registry.ts';

type Entries = ReadonlyMap<string, RegistryEntry>;

export interface KeptRegistry {
  /** Of the last change in it. */
  readonly position: string;
  readonly entries: Entries;
}

export interface KeepingLimits {
  /** Changes between two that are kept. */
  readonly every: number;
  /** Entries in all of them together; most are shared, but that depends on what happened. */
  readonly most: number;
}

/** Where a workspace has more than fit, every other one goes, so that they stay evenly spread. */
export const createKeptRegistries = ({ every, most }: KeepingLimits) => {
  const kept = new Map<string, readonly KeptRegistry[]>();
  let size = 0;

  const sizeOf = (registries: readonly KeptRegistry[]): number =>
    registries.reduce((sum, { entries }) => sum + entries.size, 0);

  const put = (workspace: string, registries: readonly KeptRegistry[]): void => {
    size += sizeOf(registries) - sizeOf(kept.get(workspace) ?? []);
    kept.delete(workspace);
    if (registries.length > 0) kept.set(workspace, registries);
  };

  /** Those who were asked about longest ago first. */
  const makeRoom = (): void => {
    for (const [workspace, registries] of kept) {
      if (size <= most) return;
      put(
        workspace,
        registries.filter((_, at) => at % 2 === 1),
      );
    }
  };

  return {
    /** The nearest one that is not behind that place. */
    nearest(workspace: string, position: string): KeptRegistry | undefined {
      const registries = kept.get(workspace);
      if (registries !== undefined) put(workspace, registries);
      return registries?.findLast((one) => one.position <= position);
    },
    /** To be told what the registry came to after so many changes since the nearest one. */
    passed(workspace: string, position: string, told: number, entries: Entries): void {
      if (told % every !== 0) return;
      const registries = kept.get(workspace) ?? [];
      if (registries.some((one) => one.position === position)) return;
      const all = [...registries, { position, entries: new Map(entries) }];
      put(
        workspace,
        all.sort((a, b) => (a.position < b.position ? -1 : 1)),
      );
      while (size > most) makeRoom();
    },
  };
};
