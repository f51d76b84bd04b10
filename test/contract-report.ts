import type { Reporter, TestModule, TestSuite } from 'vitest/node';

const title = / is an event store$/;

const line = (suite: TestSuite): string => {
  const tests = [...suite.children.allTests()];
  const count = (state: string) => tests.filter((test) => test.result().state === state).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const name = suite.name.replace(title, '');
  return `  ${name}: ${passed} passed, ${failed} failed, ${skipped} not run`;
};

/** Says on which stores the contract of event stores was tried, and on which it was not. */
export const contractReport: Reporter = {
  onTestRunEnd: (modules: readonly TestModule[]) => {
    const suites = modules
      .flatMap((module) => [...module.children.suites()])
      .filter(({ name }) => title.test(name));
    if (suites.length === 0) return;
    console.log(`\n The contract of event stores\n${suites.map(line).sort().join('\n')}\n`);
  },
};
