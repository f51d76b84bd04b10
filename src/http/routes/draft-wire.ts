import { z } from 'zod';
import type { DraftEntry } from '../../../projections/registry.ts';
import { Metadata, type triggerFormsOf } from '../../operations/trigger-form.ts';
import { owned, ownedOf, setByServer } from './owned-wire.ts';

/** The whole new content; members that only the server sets may come back as they were got. */
export const draftChangeOf = (content: ReturnType<typeof triggerFormsOf>['DraftContent']) =>
  content.extend({ ...setByServer, warnings: z.unknown() }).partial();

export const DraftObject = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
    functionId: z.string().optional(),
    executionType: z.string().optional(),
    triggerMetadata: Metadata.optional(),
    ...owned,
    warnings: z.array(z.string()).optional(),
  })
  .meta({ id: 'FunctionTriggerDraft' });
export type DraftObject = z.infer<typeof DraftObject>;

export const toDraft = ({ draftId, content, ...entry }: DraftEntry): DraftObject => {
  const { description, ...members } = content;
  return {
    id: draftId,
    ...members,
    ...(description != null && { description }),
    ...ownedOf(entry),
  };
};
