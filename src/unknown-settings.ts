/** What Kubernetes sets in each container for every service whose name begins with ours. */
const ofServices = /_(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
const addressOfService = /^(tcp|udp|sctp):\/\//;
/** What this project's own tests and benchmarks are told. */
const ofTests = /^TRIPLINE_(TEST|BENCH|KILL)_/;

/** How many characters have to be put in, left out or replaced. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, character] of [...one].entries()) {
    const next = [at + 1];
    for (const [column, counterpart] of [...other].entries()) {
      const replaced = (row[column] ?? 0) + (character === counterpart ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

export const nearestName = (name: string, names: readonly string[]): string => {
  const upper = name.toUpperCase();
  const ranked = names.map((known) => ({ known, away: distance(upper, known) }));
  return ranked.sort((a, b) => a.away - b.away)[0]?.known ?? '';
};

/** Whether somebody meant this program by it, rightly or with a slip of the pen. */
export const isMeantForUs = (name: string, value: string): boolean =>
  /^tripline_/i.test(name) &&
  !ofServices.test(name) &&
  !(name.endsWith('_PORT') && name !== 'TRIPLINE_PORT' && addressOfService.test(value)) &&
  !ofTests.test(name);
