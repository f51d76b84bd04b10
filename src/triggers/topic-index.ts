import type { KeyIndex } from './kind.ts';

/** A published topic has no asterisks, so a wildcard's branch is never taken for a segment. */
interface Node {
  /** Most places are the end of their pattern and lead nowhere. */
  next: Map<string, Node> | undefined;
  /** Whether it stands for any number of segments. */
  readonly repeats: boolean;
  /** The pattern that ends here. */
  pattern: string | undefined;
}

const nodeFor = (segment: string): Node => ({
  next: undefined,
  repeats: segment === '**',
  pattern: undefined,
});

/** Adds a place a topic may have come to, and those beyond it that take no segment at all. */
const reach = (places: Set<Node>, node: Node | undefined): void => {
  for (let at = node; at !== undefined && !places.has(at); at = at.next?.get('**')) places.add(at);
};

const step = (places: ReadonlySet<Node>, segment: string): ReadonlySet<Node> => {
  const reached = new Set<Node>();
  for (const node of places) {
    if (node.repeats) reach(reached, node);
    reach(reached, node.next?.get(segment));
    reach(reached, node.next?.get('*'));
  }
  return reached;
};

const prune = (node: Node, segments: readonly string[], at: number): void => {
  const segment = segments[at];
  if (segment === undefined) {
    node.pattern = undefined;
    return;
  }
  const child = node.next?.get(segment);
  if (child === undefined) return;
  prune(child, segments, at + 1);
  if (child.next !== undefined || child.pattern !== undefined) return;
  node.next?.delete(segment);
  if (node.next?.size === 0) node.next = undefined;
};

/**
 * Patterns by their segments. A topic is followed through all of them at once, each place counted
 * once per segment: no backtracking, and patterns that share no beginning with it cost nothing.
 */
export const createTopicIndex = (): KeyIndex => {
  const root = nodeFor('');
  return {
    add(pattern) {
      let node = root;
      for (const segment of pattern.split('.')) {
        node.next ??= new Map();
        const child = node.next.get(segment) ?? nodeFor(segment);
        node.next.set(segment, child);
        node = child;
      }
      node.pattern = pattern;
    },
    remove: (pattern) => prune(root, pattern.split('.'), 0),
    matching(topic) {
      const start = new Set<Node>();
      reach(start, root);
      let places: ReadonlySet<Node> = start;
      for (const segment of topic.split('.')) places = step(places, segment);
      return [...places].flatMap(({ pattern }) => pattern ?? []);
    },
  };
};
