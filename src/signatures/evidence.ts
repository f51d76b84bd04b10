/** What a scheme was held against; `none`: written after a description alone. */
export type Evidence = 'sender' | 'others' | 'none';

/** In the words of the README and of the API's description. */
export const evidenceInWords: Readonly<Record<Evidence, string>> = {
  sender: 'what the sender publishes',
  others: 'what other receivers do',
  none: 'nothing yet: try it before you rely on it',
};
