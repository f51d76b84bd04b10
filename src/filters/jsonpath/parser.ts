import { conditionOf } from './condition-parser.ts';
import { readInteger, readString } from './literals.ts';
import type { Query, Segment, Selector, Step } from './query.ts';
import { TextReader } from './text-reader.ts';

/** Of segments, those of queries within one another counted together. */
const maxSegments = 128;

const shorthand =
  /[A-Za-z_\u0080-\ud7ff\ue000-\uffff\u{10000}-\u{10ffff}][A-Za-z0-9_\u0080-\ud7ff\ue000-\uffff\u{10000}-\u{10ffff}]*/uy;

const sliceOf = (reader: TextReader, start: number | undefined): Selector => {
  reader.skipBlank();
  const end = readInteger(reader);
  reader.skipBlank();
  if (!reader.took(':')) return { selects: 'slice', start, end, step: 1 };
  reader.skipBlank();
  return { selects: 'slice', start, end, step: readInteger(reader) ?? 1 };
};

const indexOrSlice = (reader: TextReader): Selector => {
  const index = readInteger(reader);
  const behind = reader.at;
  reader.skipBlank();
  if (reader.took(':')) return sliceOf(reader, index);
  reader.at = behind;
  if (index === undefined) reader.refuse('must have a name, an index, a slice, * or ?');
  return { selects: 'index', index };
};

const selectorOf = (reader: TextReader): Selector => {
  if (reader.took('*')) return { selects: 'all' };
  if (reader.took('?')) {
    reader.skipBlank();
    return { selects: 'where', condition: reader.within(() => conditionOf(reader, segmentsOf)) };
  }
  const name = readString(reader);
  return name === undefined ? indexOrSlice(reader) : { selects: 'name', name };
};

const bracketed = (reader: TextReader): readonly Selector[] => {
  const selectors: Selector[] = [];
  do {
    reader.skipBlank();
    selectors.push(selectorOf(reader));
    reader.skipBlank();
  } while (reader.took(','));
  reader.expect(']');
  return selectors;
};

const dotted = (reader: TextReader): readonly Selector[] => {
  if (reader.took('*')) return [{ selects: 'all' }];
  const name = reader.find(shorthand) ?? reader.refuse('must have a name or *');
  return [{ selects: 'name', name }];
};

const onlyOf = (isDescendant: boolean, [first, more]: readonly Selector[]): Step | undefined => {
  if (isDescendant || first === undefined || more !== undefined) return undefined;
  return first.selects === 'name' || first.selects === 'index' ? first : undefined;
};

const segmentOf = (reader: TextReader): Segment | undefined => {
  const { at } = reader;
  const isDescendant = reader.took('..');
  const isDotted = !isDescendant && reader.took('.');
  const isBracketed = !isDotted && reader.took('[');
  if (!isDotted && !isDescendant && !isBracketed) return undefined;
  const selectors = isBracketed ? bracketed(reader) : dotted(reader);
  return { isDescendant, only: onlyOf(isDescendant, selectors), selectors, at, end: reader.at };
};

/** What follows `$` or `@`, and not the white space behind it. */
const segmentsOf = (reader: TextReader): readonly Segment[] => {
  const segments: Segment[] = [];
  for (;;) {
    const { at } = reader;
    reader.skipBlank();
    const segment = segmentOf(reader);
    if (segment === undefined) {
      reader.at = at;
      return segments;
    }
    reader.countSegment(maxSegments, segment.at);
    segments.push(segment);
  }
};

/** A query of RFC 9535. Throws `validation-failed` for what is none. */
export const parseJsonPath = (text: string): Query => {
  const reader = new TextReader(text);
  reader.expect('$');
  const segments = segmentsOf(reader);
  if (!reader.isAtEnd) reader.refuse('must end or have a segment');
  return { from: '$', segments };
};
