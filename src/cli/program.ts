import { isTriplineError, TriplineError } from '../domain/errors.ts';
import { exitCodeOf } from '../exit-codes.ts';

/** Wrong words on the command line, and how it is used. */
export const misused = (reason: unknown, usage: string): TriplineError =>
  new TriplineError(
    'invalid-configuration',
    `${reason instanceof Error ? reason.message : String(reason)}\n${usage}`,
  );

/** A command from its first line to its exit code: what is refused is a sentence, a bug its stack. */
export const runProgram = async (run: () => number | Promise<number>): Promise<void> => {
  try {
    process.exitCode = await run();
  } catch (error) {
    const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`tripline: ${isTriplineError(error) ? error.message : bug}\n`);
    process.exitCode = exitCodeOf(error);
  }
};
