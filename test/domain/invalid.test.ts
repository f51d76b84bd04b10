import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { invalid, invalidField, invalidFields, invalidWithin } from '../../src/domain/invalid.ts';

const issuesOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error!.issues;
const form = z.strictObject({ list: z.array(z.strictObject({ name: z.string('must be text') })) });

describe('a refusal of what was sent', () => {
  it('names each member, in a sentence and one by one', () => {
    const details = [
      { field: 'name', message: 'is required' },
      { field: 'url', message: 'must be a valid url' },
    ];
    const message = 'name is required; url must be a valid url';
    const code = 'validation-failed';
    expect(invalidFields(details)).toMatchObject({ code, message, details });
    expect(invalidField('name', 'is taken')).toMatchObject({
      message: 'name is taken',
      details: [{ field: 'name', message: 'is taken' }],
    });
  });

  it('says where in the whole it is, however deep', () => {
    const issues = issuesOf(form, { list: [{ name: 'a' }, { name: 1 }] });
    expect(invalid({ issues }).details).toEqual([
      { field: 'list.1.name', message: 'must be text' },
    ]);
    expect(invalidWithin('triggerMetadata', issues).details).toEqual([
      { field: 'triggerMetadata.list.1.name', message: 'must be text' },
    ]);
  });

  it('names each member that nobody knows', () => {
    const issues = issuesOf(form, { list: [{ name: 'a', x: 1, y: 2 }], z: 3 });
    expect(invalid({ issues }).message).toBe(
      'list.0.x is not known; list.0.y is not known; z is not known',
    );
  });

  it('is of the whole where it is of no member', () => {
    const issues = issuesOf(z.string('must be text'), 1);
    expect(invalid({ issues }).message).toBe('body must be text');
    expect(invalid({ issues }, 'query').message).toBe('query must be text');
  });
});
