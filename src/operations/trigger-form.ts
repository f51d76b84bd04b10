import { z } from 'zod';
import type { TriggerKinds } from '../triggers/index.ts';

/** Ids of functions may come from elsewhere, so only their shape is checked. */
const FunctionId = z
  .string('must be a function id')
  .regex(/^[0-9a-z]{8}(-[0-9a-z]{4}){3}-[0-9a-z]{12}$/i, 'must have the shape 8-4-4-4-12');

const Name = z.string('must be a string').min(1, 'must not be empty').max(256);
const Description = z.string('must be a string').max(4_096).nullable();
/** Its kind's own schema looks inside. */
export const Metadata = z.record(z.string(), z.unknown(), 'must be an object');

/** Of a kind there is at the time of asking. */
const executionTypeOf = (kinds: TriggerKinds) => {
  const error = () => `must be one of ${[...kinds.keys()].join(', ')}`;
  return z
    .string({ error })
    .refine((kind) => kinds.has(kind), { error })
    .meta({ examples: [...kinds.keys()] });
};

/** What people write to have a trigger, or a trigger in the making. */
export const triggerFormsOf = (kinds: TriggerKinds) => {
  const ExecutionType = executionTypeOf(kinds);
  return {
    NewTrigger: z.strictObject({
      name: Name,
      description: Description.default(null),
      functionId: FunctionId,
      executionType: ExecutionType,
      triggerMetadata: Metadata.default({}),
    }),
    /** What is there must be right, anything may be missing. */
    DraftContent: z.strictObject({
      name: Name.optional(),
      description: Description.optional(),
      functionId: FunctionId.optional(),
      executionType: ExecutionType.optional(),
      triggerMetadata: Metadata.optional(),
    }),
  };
};

type Forms = ReturnType<typeof triggerFormsOf>;
export type NewTrigger = z.infer<Forms['NewTrigger']>;
export type DraftContent = z.infer<Forms['DraftContent']>;

/** Members left out stay; what is fixed at creation may come with its present value. */
export const TriggerChanges = z
  .strictObject({
    name: Name,
    description: Description,
    triggerMetadata: Metadata,
    functionId: FunctionId,
    executionType: z.string(),
  })
  .partial();
export type TriggerChanges = z.infer<typeof TriggerChanges>;
