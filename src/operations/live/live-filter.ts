import { pointedAt } from '../../domain/json-pointer.ts';
import type { StoredEvent } from '../../domain/recorded.ts';

/** Which facts of a workspace are wanted: all conditions together. */
export interface LiveFilter {
  readonly workspace: string;
  readonly types?: readonly string[] | undefined;
  readonly correlationId?: string | undefined;
  readonly triggerId?: string | undefined;
  readonly functionId?: string | undefined;
}

/** Whose an invocation is, which most facts about it do not say. */
export interface InvocationOwner {
  readonly triggerId: string;
  readonly functionId: string;
}

/** What can be told without asking anybody, and cheaply: most facts are of somebody else. */
export const isCandidate = (
  { type, metadata }: StoredEvent,
  { workspace, types, correlationId }: LiveFilter,
): boolean =>
  metadata.workspace === workspace &&
  (types === undefined || types.includes(type)) &&
  (correlationId === undefined || metadata.$correlationId === correlationId);

const triggerPlaces = ['/triggerId', '/acceptedFor/triggerId', '/trigger', '/holder'];
const functionPlaces = ['/functionId', '/repeats/functionId', '/content/functionId', '/holder'];

const listed = (data: unknown, id: string): boolean => {
  const triggers = pointedAt(data, '/triggers');
  return Array.isArray(triggers) && triggers.some((each) => pointedAt(each, '/triggerId') === id);
};

const names = (data: unknown, places: readonly string[], id: string): boolean =>
  places.some((place) => pointedAt(data, place) === id);

export const invocationIn = ({ data }: StoredEvent): string | undefined => {
  const id = pointedAt(data, '/invocationId');
  return typeof id === 'string' ? id : undefined;
};

/** The one that the fact itself names. */
export const ownerIn = ({ data }: StoredEvent): InvocationOwner | undefined => {
  const triggerId = pointedAt(data, '/triggerId');
  const functionId = pointedAt(data, '/functionId') ?? pointedAt(data, '/repeats/functionId');
  return typeof triggerId === 'string' && typeof functionId === 'string'
    ? { triggerId, functionId }
    : undefined;
};

/** Whether a candidate is about the trigger and the function that are asked for, if any are. */
export const isAbout = async (
  event: StoredEvent,
  { triggerId, functionId }: LiveFilter,
  ownerOf: (invocationId: string) => Promise<InvocationOwner | undefined>,
): Promise<boolean> => {
  const { data } = event;
  const isOf = async (
    id: string,
    isNamed: boolean,
    key: keyof InvocationOwner,
  ): Promise<boolean> => {
    if (isNamed) return true;
    const invocationId = invocationIn(event);
    if (invocationId === undefined || pointedAt(data, `/${key}`) !== undefined) return false;
    return (await ownerOf(invocationId))?.[key] === id;
  };
  if (triggerId !== undefined) {
    const isNamed = names(data, triggerPlaces, triggerId) || listed(data, triggerId);
    if (!(await isOf(triggerId, isNamed, 'triggerId'))) return false;
  }
  if (functionId === undefined) return true;
  return isOf(functionId, names(data, functionPlaces, functionId), 'functionId');
};
