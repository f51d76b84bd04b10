import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Where the kernel begins to give out ports by itself; as Linux has it where nobody says. */
const firstGivenOut = (): number => {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return 32_768;
  }
};

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  await new Promise((resolve) => server.close(resolve));
  return free;
};

/**
 * A port for somebody who will not listen all the time. One that the kernel gave can be given again
 * in between: to another test, or to the very connection that is tried meanwhile, which is then
 * connected with itself.
 */
export const lastingPort = async (): Promise<number> => {
  const end = firstGivenOut();
  for (;;) {
    const port = randomInt(end - 12_000, end);
    if (await isFree(port)) return port;
  }
};
