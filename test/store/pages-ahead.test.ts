import { describe, expect, it } from 'vitest';
import { asPosition, beginning, type Position } from '../../src/domain/position.ts';
import { createPagesAhead } from '../../src/store/pages-ahead.ts';
import { recorded } from '../views/history.ts';
import { queued } from '../views/stories.ts';

const log = recorded(['i1', 'i2', 'i3', 'i4', 'i5'].map((id) => queued(id)));
const head = log.at(-1)?.position ?? beginning;
const at = (index: number): Position => log[index]?.position ?? beginning;

/** Pages of two; reading what follows `broken` fails the first time. */
const pagesOf = (broken?: Position) => {
  const asked: Position[] = [];
  const pages = createPagesAhead(
    async (position, maxCount) => {
      asked.push(position);
      const again = asked.indexOf(position) < asked.length - 1;
      if (position === broken && !again) throw new Error('the disk hiccups');
      return log.filter((event) => event.position > position).slice(0, maxCount);
    },
    (position) => position < head,
  );
  return { asked, read: (position: Position) => pages.after(position, 2), forget: pages.forget };
};

describe('pages read ahead', () => {
  it('come in order and whole, each read once and before it is asked for', async () => {
    const { asked, read } = pagesOf();
    expect(await read(beginning)).toEqual(log.slice(0, 2));
    expect(asked).toEqual([beginning, at(1)]);
    expect(await read(at(1))).toEqual(log.slice(2, 4));
    expect(await read(at(3))).toEqual(log.slice(4));
    expect(asked).toEqual([beginning, at(1), at(3)]);
  });

  it('are left aside where something else is asked for', async () => {
    const { read, forget } = pagesOf();
    await read(beginning);
    expect(await read(at(2))).toEqual(log.slice(3));
    await read(beginning);
    forget();
    expect(await read(at(1))).toEqual(log.slice(2, 4));
    expect(await read(asPosition('9'.repeat(16)))).toEqual([]);
  });

  it('fail for whoever asks for them, who may then ask again', async () => {
    const { read } = pagesOf(at(1));
    expect(await read(beginning)).toHaveLength(2);
    await expect(read(at(1))).rejects.toThrow('hiccups');
    expect(await read(at(1))).toEqual(log.slice(2, 4));
  });
});
