import { MessageChannel } from 'node:worker_threads';

const { port1: nowhere, port2: end } = new MessageChannel();
end.close();
nowhere.close();

/**
 * Gives memory back at once that would otherwise lie about until it is collected, which nothing
 * hurries: what it holds outside the heap is no reason to. The bytes are empty from then on, and so
 * is all else that lies in the same memory; that is why it must be the caller's alone.
 */
export const letGo = ({ buffer }: Uint8Array): void => {
  // Later versions of Node refuse what is empty because it was let go before.
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength === 0) return;
  // A message that nobody can receive takes what it was handed with it.
  nowhere.postMessage(undefined, [buffer]);
};
