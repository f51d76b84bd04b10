/** The same for a planned instant for ever and everywhere: whoever records it first has ended it. */
export const tickIdOf = (triggerId: string, scheduledAt: string): string =>
  `${triggerId}@${scheduledAt}`;

export const instantOfTick = (tickId: string): string => tickId.slice(tickId.lastIndexOf('@') + 1);
