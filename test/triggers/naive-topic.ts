/** What the contract says about patterns, read out loud; as slow as it likes. */
export const naivelyMatches = (pattern: readonly string[], topic: readonly string[]): boolean => {
  const [first, ...rest] = pattern;
  if (first === undefined) return topic.length === 0;
  if (first === '**')
    return topic.some((_, at) => naivelyMatches(rest, topic.slice(at))) || naivelyMatches(rest, []);
  if (topic.length === 0) return false;
  return (first === '*' || first === topic[0]) && naivelyMatches(rest, topic.slice(1));
};
