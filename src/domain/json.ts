export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A JSON text beside what it says, for those who hand parts of it on as they were written. */
export interface JsonText {
  readonly value: unknown;
  readonly text: string;
}
