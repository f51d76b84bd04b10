import { z } from 'zod';
import type { DraftEntry } from '../../../projections/registry.ts';
import {
  Description,
  ExecutionType,
  FunctionId,
  Metadata,
  Name,
  personOf,
} from './trigger-wire.ts';

const content = {
  name: Name.optional(),
  description: Description.optional(),
  functionId: FunctionId.optional(),
  executionType: ExecutionType.optional(),
  triggerMetadata: Metadata.optional(),
};

/** A trigger in the making: what is there must be right, anything may be missing. */
export const NewDraft = z.strictObject(content);
export type NewDraft = z.infer<typeof NewDraft>;

/** The whole new content; members that only the server sets may come back as they were got. */
export const DraftChange = z.strictObject({
  ...content,
  id: z.unknown(),
  workspaceSlug: z.unknown(),
  createdBy: z.unknown(),
  updatedBy: z.unknown(),
  createdAt: z.unknown(),
  updatedAt: z.unknown(),
});

export const DraftObject = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
    functionId: z.string().optional(),
    executionType: z.string().optional(),
    triggerMetadata: Metadata.optional(),
    workspaceSlug: z.string(),
    createdBy: z.string(),
    updatedBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'FunctionTriggerDraft' });
export type DraftObject = z.infer<typeof DraftObject>;

export const toDraft = ({ draftId, workspace, content, ...entry }: DraftEntry): DraftObject => {
  const { description, ...members } = content;
  return {
    id: draftId,
    ...members,
    ...(description != null && { description }),
    workspaceSlug: workspace,
    createdBy: personOf(entry.createdBy),
    updatedBy: personOf(entry.updatedBy),
    createdAt: entry.createdAt,
    updatedAt: entry.updatedAt,
  };
};
