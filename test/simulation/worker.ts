import { runBatch } from './batch.ts';

/** Runs the batches it is given, one after the other. */
process.on('message', ({ from, count }: { readonly from: number; readonly count: number }) => {
  runBatch(from, count).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
