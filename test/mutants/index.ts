import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { type Mutant, mutantsIn } from './mutants.ts';
import { type Scope, sampleOf, scopesOf } from './scope.ts';
import { isEnough, lineOf, outdated, scoreOf, tableOf } from './table.ts';

const { values: chosen } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    since: { type: 'string' },
    afresh: { type: 'boolean' },
    concurrency: { type: 'string', default: '2' },
    /** Of so many stretches of the code, one is tried. */
    sample: { type: 'string', default: '1' },
    /** Of a law, at most. */
    runs: { type: 'string', default: '100' },
    /** Milliseconds for one test, and for all of them beyond twice what they took before. */
    patience: { type: 'string', default: '15000' },
  },
});

Object.assign(process.env, { MUTANT_RUNS: chosen.runs, MUTANT_PATIENCE: chosen.patience });

/** Reports of runs before are in it too, so only the files in scope count. */
const judge = async ({ folder, files, tests }: Scope): Promise<readonly Mutant[]> => {
  const report = `.mutants/${folder.replaceAll('/', '-')}.json`;
  await new Stryker({
    mutate: [...sampleOf(files, Number(chosen.sample))],
    testFiles: [...tests],
    incrementalFile: report,
    force: chosen.afresh ?? false,
    concurrency: Number(chosen.concurrency),
    timeoutMS: Number(chosen.patience),
  }).runMutationTest();
  return mutantsIn(report).filter(({ file }) => files.includes(file));
};

const scopes = scopesOf(chosen);
const mutants: Mutant[] = [];
const scores = [];
for (const scope of scopes) {
  const found = await judge(scope);
  mutants.push(...found);
  scores.push(scoreOf(scope.folder, found));
}

for (const mutant of scores.flatMap(({ living }) => living)) console.log(lineOf(mutant));
console.log(`\n${tableOf(scores)}\n`);
const stale = outdated(mutants, (file) => scopes.some(({ files }) => files.includes(file)));
for (const { file, mutator, code } of stale) {
  console.log(`No living mutant answers to this entry of the list: ${file} ${mutator} ${code}`);
}
const untried = mutants.filter(({ isUntried }) => isUntried).length;
if (untried > 0)
  console.log(`${untried} mutants were not tried with all tests: the table is wrong.`);
process.exitCode = scores.every(isEnough) && stale.length + untried === 0 ? 0 : 1;
