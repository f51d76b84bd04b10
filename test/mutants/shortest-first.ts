import type { TestModule, TestSequencer, TestSpecification } from 'vitest/node';

const durations = new Map<string, number>();

/** Remembers how long each file of tests took, dry run included. */
export const remember = (module: TestModule): void => {
  if (!durations.has(module.moduleId)) {
    durations.set(module.moduleId, module.diagnostic().duration);
  }
};

/** The first failing test ends a mutant's run, so the cheap ones are tried before the laws. */
export class ShortestFirst implements TestSequencer {
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }

  sort(files: TestSpecification[]): TestSpecification[] {
    const duration = ({ moduleId }: TestSpecification) => durations.get(moduleId) ?? 0;
    return files.toSorted((a, b) => duration(a) - duration(b));
  }
}
