import { BaseSequencer, type TestSpecification } from 'vitest/node';

const folders = ['process', 'cli', 'simulation', 'store/esdb', 'store/sqlite'];

const takesLong = ({ moduleId }: TestSpecification): boolean =>
  folders.some((folder) => moduleId.includes(`/test/${folder}/`));

/** What starts processes and writes files takes longest: begun last, it would keep one processor while the others idle. */
export class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(takesLong), ...sorted.filter((file) => !takesLong(file))];
  }
}
