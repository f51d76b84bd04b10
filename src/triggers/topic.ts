const longestTopic = 512;
const filled = (segment: string): boolean => segment !== '';
const plain = (segment: string): boolean => filled(segment) && !segment.includes('*');
const plainOrWild = (segment: string): boolean =>
  segment === '*' || segment === '**' || plain(segment);

const problemOf = (text: string, isSegment: (segment: string) => boolean): string | undefined => {
  if (text === '') return 'must not be empty';
  if (text.length > longestTopic) return `must be at most ${longestTopic} characters long`;
  const segments = text.split('.');
  if (!segments.every(filled)) return 'must not have empty segments';
  return segments.every(isSegment) ? undefined : 'must have * and ** as whole segments only';
};

/** Why nothing can be published there. */
export const topicProblem = (topic: string): string | undefined =>
  topic.includes('*') ? 'must not have wildcards' : problemOf(topic, plain);

/** Why it is no pattern: dotted segments, `*` for exactly one, `**` for any number, also none. */
export const patternProblem = (pattern: string): string | undefined =>
  problemOf(pattern, plainOrWild);
