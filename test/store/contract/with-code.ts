import { expect } from 'vitest';

export const withCode = (code: string) => expect.objectContaining({ code });
