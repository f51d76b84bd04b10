export interface Accepted {
  readonly file: string;
  readonly mutator: string;
  /** The code that is replaced, as it stands in the file. */
  readonly code: string;
  /** Why nobody could tell the difference, or why it is not worth a test. */
  readonly reason: string;
}

/** Mutants that may live. An entry that no living mutant answers to any more fails the run. */
export const accepted: readonly Accepted[] = [
  {
    file: 'src/actors/actors.ts',
    mutator: 'EqualityOperator',
    code: '(position ?? beginning) > (acknowledged ?? beginning)',
    reason: 'where both are the same position, it does not matter which is kept',
  },
  {
    file: 'src/actors/claims.ts',
    mutator: 'StringLiteral',
    code: "'ClaimName'",
    reason: 'whatever is asked of a name and is not its release claims it',
  },
  {
    file: 'src/actors/claims.ts',
    mutator: 'ConditionalExpression',
    code: 'last === undefined',
    reason: 'what is claimed has a last fact',
  },
  {
    file: 'src/actors/turns.ts',
    mutator: 'ArithmeticOperator',
    code: '(working.get(holder) ?? 0) + change',
    reason: 'only whether the count is 0 is asked, and counting down gets there as well',
  },
  {
    file: 'src/domain/clock.ts',
    mutator: 'ArithmeticOperator',
    code: 'seconds - 1',
    reason: 'what is not found among the known beginnings is made anew, only slower',
  },
  {
    file: 'src/domain/clock.ts',
    mutator: 'ConditionalExpression',
    code: 'known[place] !== second',
    reason: 'a beginning that is known is made anew, only slower',
  },
  {
    file: 'src/domain/passing-bytes.ts',
    mutator: 'ConditionalExpression',
    code: 'length <= room.length',
    reason: 'memory is new each time, which is only slower',
  },
  {
    file: 'src/domain/passing-bytes.ts',
    mutator: 'EqualityOperator',
    code: 'length <= room.length',
    reason: 'memory of one length is new each time, which is only slower',
  },
  {
    file: 'src/domain/raw-members.ts',
    mutator: 'EqualityOperator',
    code: 'at < text.length',
    reason: 'behind the end of the text there is nothing to be read',
  },
  {
    file: 'src/domain/raw-members.ts',
    mutator: 'AssignmentOperator',
    code: 'depth += depthSteps[text.charCodeAt(at)] ?? 0',
    reason: 'only whether the depth is 0 is asked, and counting down gets there as well',
  },
  {
    file: 'src/domain/slot-map.ts',
    mutator: 'ArrayDeclaration',
    code: '[]',
    reason: 'one more slot, whatever its name, is as good as any',
  },
  {
    file: 'src/domain/slot-map.ts',
    mutator: 'ConditionalExpression',
    code: 'slot === undefined',
    reason: 'a key without a slot has nothing there either; a second slot costs only room',
  },
  {
    file: 'src/domain/uuid.ts',
    mutator: 'ConditionalExpression',
    code: 'used === random.length',
    reason: 'all are drawn anew each time, which is only slower',
  },
  {
    file: 'src/log/follow.ts',
    mutator: 'ConditionalExpression',
    code: 'first !== undefined && first.position <= position',
    reason: 'what is no repeat passes the filter whole, only slower',
  },
  {
    file: 'src/log/follow.ts',
    mutator: 'ConditionalExpression',
    code: 'first.position <= position',
    reason: 'what is no repeat passes the filter whole, only slower',
  },
  {
    file: 'src/log/waiting-room.ts',
    mutator: 'ConditionalExpression',
    code: 'guests.length === 0',
    reason: 'nobody is let through one by one',
  },
  {
    file: 'src/log/waiting-room.ts',
    mutator: 'MethodExpression',
    code: 'guests.filter((guest) => guest.position > position)',
    reason: 'who has been let through is let through once more, which only costs room',
  },
  {
    file: 'src/log/waiting-room.ts',
    mutator: 'ConditionalExpression',
    code: 'guest.position > position',
    reason: 'who has been let through is let through once more, which only costs room',
  },
  {
    file: 'src/log/waiting-room.ts',
    mutator: 'EqualityOperator',
    code: 'guest.position > position',
    reason: 'who has been let through is let through once more, which only costs room',
  },
  {
    file: 'src/routing/open-invocations.ts',
    mutator: 'ConditionalExpression',
    code: 'known?.size === 0',
    reason: 'what nobody asks for again only costs room',
  },
  {
    file: 'src/routing/open-invocations.ts',
    mutator: 'ConditionalExpression',
    code: 'before === undefined',
    reason: 'adding what is there changes nothing',
  },
  {
    file: 'src/routing/reactors/cancel-orphans.ts',
    mutator: 'OptionalChaining',
    code: 'queue.get(invocationId)?.status',
    reason: 'what is open is in the queue',
  },
  {
    file: 'src/routing/reactors/cancel-previous.ts',
    mutator: 'ConditionalExpression',
    code: 'most === undefined',
    reason: 'nothing is cut off by a number that is none',
  },
  {
    file: 'src/routing/registry-index.ts',
    mutator: 'ConditionalExpression',
    code: 'Object.values(shelf).every(({ size }) => size === 0)',
    reason: 'what nobody asks for again only costs room',
  },
  {
    file: 'src/routing/registry-index.ts',
    mutator: 'ArrowFunction',
    code: '({ size }) => size === 0',
    reason: 'what nobody asks for again only costs room',
  },
  {
    file: 'src/routing/registry-index.ts',
    mutator: 'ConditionalExpression',
    code: 'size === 0',
    reason: 'what nobody asks for again only costs room',
  },
  {
    file: 'src/routing/registry-index.ts',
    mutator: 'EqualityOperator',
    code: 'size === 0',
    reason: 'what nobody asks for again only costs room',
  },
  {
    file: 'src/schedule/cron-rhythm.ts',
    mutator: 'EqualityOperator',
    code: 'segment.offset > segment.before',
    reason: 'a change of clocks changes the offset',
  },
  {
    file: 'src/schedule/schedule.ts',
    mutator: 'ConditionalExpression',
    code: 'schedule.jitterMs === 0',
    reason: 'a share of no jitter is none, only slower',
  },
  {
    file: 'src/store/append-limits.ts',
    mutator: 'ConditionalExpression',
    code: 'events.length > 1',
    reason: 'one event alone is never there twice',
  },
  {
    file: 'src/store/append-limits.ts',
    mutator: 'EqualityOperator',
    code: 'events.length > 1',
    reason: 'one event alone is never there twice',
  },
  {
    file: 'src/targets/http/answer-body.ts',
    mutator: 'ConditionalExpression',
    code: 'bytes.length <= longestEscaped / 6',
    reason: 'what is so short cannot blow up so far, to ask is only slower',
  },
  {
    file: 'src/targets/http/answer-body.ts',
    mutator: 'EqualityOperator',
    code: 'bytes.length <= longestEscaped / 6',
    reason: 'no length is a sixth of that',
  },
  {
    file: 'src/targets/http/answer-body.ts',
    mutator: 'EqualityOperator',
    code: 'room > 0',
    reason: 'an empty piece adds nothing',
  },
  {
    file: 'src/targets/http/answer-bytes.ts',
    mutator: 'ConditionalExpression',
    code: 'bytes.length > 9 && bytes[9] !== one',
    reason: 'the words tell it as well, only slower',
  },
  {
    file: 'src/targets/http/answer-bytes.ts',
    mutator: 'ConditionalExpression',
    code: 'this.#held.length === 0',
    reason: 'nothing is put before what came, only slower',
  },
  {
    file: 'src/targets/http/lines.ts',
    mutator: 'ArrayDeclaration',
    code: '[]',
    reason: 'a line that is not listed is not found among others either',
  },
  {
    file: 'src/targets/http/lines.ts',
    mutator: 'ConditionalExpression',
    code: 'others.length === 0',
    reason: 'a list of no lines only costs room',
  },
  {
    file: 'src/triggers/topic-index.ts',
    mutator: 'ConditionalExpression',
    code: 'child.next !== undefined || child.pattern !== undefined',
    reason: 'a place that leads nowhere and ends no pattern is never matched, it only costs room',
  },
  {
    file: 'src/triggers/topic-index.ts',
    mutator: 'OptionalChaining',
    code: 'node.next?.delete',
    reason: 'what has a child has a map of them',
  },
  {
    file: 'src/triggers/topic-index.ts',
    mutator: 'OptionalChaining',
    code: 'node.next?.size',
    reason: 'what had a child has a map of them',
  },
  {
    file: 'src/triggers/topic-index.ts',
    mutator: 'ConditionalExpression',
    code: 'node.next?.size === 0',
    reason: 'a place that leads nowhere and ends no pattern is never matched, it only costs room',
  },
  {
    file: 'src/triggers/topic-index.ts',
    mutator: 'StringLiteral',
    code: "''",
    reason: 'nothing is said of the beginning but that it does not repeat',
  },
  {
    file: 'src/triggers/schedule-config.ts',
    mutator: 'StringLiteral',
    code: "'custom'",
    reason: 'whoever reads an issue of a schema asks for its path and its words',
  },
];
