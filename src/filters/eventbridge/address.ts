const octet = /^(?:0|[1-9]\d{0,2})$/;
const group = /^[0-9a-f]{1,4}$/i;
/** No address is written longer. */
const longest = 45;

const fourOctets = (text: string): readonly number[] | undefined => {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => octet.test(part))) return undefined;
  const octets = parts.map(Number);
  return octets.every((value) => value < 256) ? octets : undefined;
};

/** Groups of an IPv6 address on one side of `::`, as octets; an IPv4 address may end them. */
const octetsOf = (side: string): readonly number[] | undefined => {
  if (side === '') return [];
  const octets: number[] = [];
  const parts = side.split(':');
  for (const [i, part] of parts.entries()) {
    const value = Number.parseInt(part, 16);
    const tail = i === parts.length - 1 ? fourOctets(part) : undefined;
    if (tail !== undefined) octets.push(...tail);
    else if (group.test(part)) octets.push(value >> 8, value & 255);
    else return undefined;
  }
  return octets;
};

const sixteenOctets = (text: string): readonly number[] | undefined => {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const start = octetsOf(head);
  const end = tail === undefined ? [] : octetsOf(tail);
  if (start === undefined || end === undefined) return undefined;
  const missing = 16 - start.length - end.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...start, ...new Array<number>(missing).fill(0), ...end];
};

const isMapped = (octets: readonly number[]): boolean =>
  octets.slice(0, 10).every((value) => value === 0) && octets[10] === 255 && octets[11] === 255;

/** An IP address as its 4 or 16 octets, an IPv4 address within IPv6 as its 4; undefined for other text. */
export const addressOf = (text: string): readonly number[] | undefined => {
  if (text.length > longest) return undefined;
  if (!text.includes(':')) return fourOctets(text);
  const octets = sixteenOctets(text);
  return octets !== undefined && isMapped(octets) ? octets.slice(12) : octets;
};
