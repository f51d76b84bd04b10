/** What only people read: the messages of errors and of the log. Tests go by codes and fields. */
const isMessage = ({ node, parent, listKey, key }) => {
  if (listKey !== 'arguments' || !/^(StringLiteral|TemplateLiteral)$/.test(node.type)) return false;
  const { callee } = parent;
  if (parent.type === 'NewExpression') return /Error$/.test(callee.name ?? '');
  return callee.type === 'MemberExpression' && callee.object.name === 'log' && key > 0;
};

const prose = {
  shouldIgnore: (path) => (isMessage(path) ? 'only people read it' : undefined),
};

let planned = 0;
let tried = 0;

/** A line for each mutant that lives, as soon as that is known, and now and then how far it is. */
const living = {
  onMutationTestingPlanReady: ({ mutantPlans }) => {
    const toTry = mutantPlans.filter(({ plan }) => plan === 'Run');
    planned = toTry.length;
    tried = 0;
    // Without that every mutant would be tried with every test, and those at load not be told apart.
    if (toTry.length > 0 && toTry.every(({ mutant }) => mutant.coveredBy === undefined)) {
      throw new Error('the tests did not tell what they cover');
    }
  },
  onMutantTested: ({ status, fileName, location, mutatorName, replacement }) => {
    if (status === 'Survived' || status === 'NoCoverage') {
      const what = replacement.replace(/\s+/g, ' ').slice(0, 60);
      console.log(`${status} ${fileName}:${location.start.line} ${mutatorName} ${what}`);
    }
    if (status === 'Ignored' || status === 'NoCoverage') return;
    tried += 1;
    if (tried % 50 === 0) console.log(`${tried} of ${planned} mutants tried`);
  },
};

export const strykerPlugins = [
  { kind: 'Ignore', name: 'prose', value: prose },
  { kind: 'Reporter', name: 'living', value: living },
];
