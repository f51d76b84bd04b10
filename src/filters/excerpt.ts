import type { Json } from '../domain/json.ts';
import { isList, isObject } from './definition.ts';
import { ownMember } from './member.ts';

/** Of characters that are shown of a value. */
export const maxExcerpt = 200;

/** Half a character, which no text should be stored with. */
const half = /\p{Surrogate}/gu;

/** What a language writes itself, cut where it is long. */
export const excerptOfText = (text: string): string => {
  const shown = text.length > maxExcerpt ? `${text.slice(0, maxExcerpt - 1)}…` : text;
  return shown.replace(half, '\ufffd');
};

/** Writes until there is enough, and so looks at no more of a large value than it shows. */
class Excerpt {
  text = '';

  write(value: Json): void {
    if (isList(value)) this.list(value);
    else if (isObject(value)) this.object(value);
    else
      this.text += JSON.stringify(typeof value === 'string' ? value.slice(0, maxExcerpt) : value);
  }

  private get isEnough(): boolean {
    return this.text.length > maxExcerpt;
  }

  private list(list: readonly Json[]): void {
    this.text += '[';
    for (let at = 0; at < list.length && !this.isEnough; at += 1) {
      if (at > 0) this.text += ',';
      this.write(list[at] ?? null);
    }
    this.text += ']';
  }

  private object(object: { readonly [name: string]: Json }): void {
    this.text += '{';
    let separator = '';
    for (const name in object) {
      const member = ownMember(object, name);
      if (this.isEnough) break;
      if (member === undefined) continue;
      this.text += separator;
      this.write(name);
      this.text += ':';
      this.write(member);
      separator = ',';
    }
    this.text += '}';
  }
}

/** A value as JSON, cut where it is long; undefined where there is none. */
export const excerptOf = (value: Json | undefined): string | undefined => {
  if (value === undefined) return undefined;
  const excerpt = new Excerpt();
  excerpt.write(value);
  return excerptOfText(excerpt.text);
};
