import { Readable } from 'node:stream';
import type { Payload } from '../domain/payload.ts';

/** From the first one to the last, each time it is asked for. */
type Parts = () => AsyncIterable<Buffer>;
type Encoding = Payload['encoding'];

/** What a payload is shown as; that takes a look at all of it. Undefined where nothing is there. */
const encodingOf = async (parts: Parts): Promise<Encoding | undefined> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let found: Encoding | undefined;
  const take = (part?: Buffer): void => {
    if (found === 'base64') return;
    found = 'utf8';
    try {
      decoder.decode(part, { stream: part !== undefined });
    } catch {
      found = 'base64';
    }
  };
  for await (const part of parts()) take(part);
  if (found !== undefined) take();
  return found;
};

async function* asText(parts: Parts): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const part of parts()) {
    yield JSON.stringify(decoder.decode(part, { stream: true })).slice(1, -1);
  }
}

async function* asBase64(parts: Parts): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const part of parts()) {
    const bytes = rest.length === 0 ? part : Buffer.concat([rest, part]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString('base64', 0, whole);
    rest = Buffer.from(bytes.subarray(whole));
  }
  yield rest.toString('base64');
}

async function* written(before: string, encoding: Encoding, parts: Parts): AsyncGenerator<string> {
  yield `${before}{"encoding":"${encoding}","content":"`;
  yield* encoding === 'utf8' ? asText(parts) : asBase64(parts);
  yield '"}}';
}

/**
 * A JSON document whose last member is a payload: written part by part, as fast as it is read, so
 * that it costs the same memory however long the payload is. Its bytes have been checked before the
 * first one is sent. The member is null where there are none.
 */
export const withPayload = async (
  document: object,
  member: string,
  parts: Parts,
): Promise<Readable> => {
  const before = `${JSON.stringify(document).slice(0, -1)},"${member}":`;
  const encoding = await encodingOf(parts);
  const text = encoding === undefined ? [`${before}null}`] : written(before, encoding, parts);
  return Readable.from(text, { highWaterMark: 1 });
};
