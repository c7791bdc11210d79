import type { Page } from 'playwright-core';
import { everywhere, until } from './stage.ts';

/** What several tests play: scores, and how to look at where everyone is. */

/** Clocks that are wrong by up to an hour and 300 ppm: pages of one machine would otherwise agree by themselves. */
export const FAULTS = ['3600000,300', '-3600000,-300', '1234567,40'];

export interface Chain {
  /** Ids, in order. */
  readonly intervals: readonly string[];
  /** The sync at the end of each but the last. */
  readonly syncs: readonly string[];
}

/** Intervals of these lengths (ms), each but the last ended by a trigger with an expression; an empty one waits for a click. */
export const writeChain = (page: Page, durations: readonly number[], expressions: readonly string[] = []): Promise<Chain> =>
  page.evaluate(
    ([lengths, texts]) => {
      const { score } = window.tutti;
      const read = (id: string): Record<string, string> => score.read().objects[id] as unknown as Record<string, string>;
      const intervals: string[] = [];
      const syncs: string[] = [];
      let from: string | undefined;
      for (const [i, duration] of lengths.entries()) {
        const made = score.edit({ type: 'createInterval', duration, name: `part ${i}`, ...(from === undefined ? { at: 0 } : { from }) });
        if (!('created' in made)) throw new Error(made.issue.message);
        const id = made.created[0] ?? '';
        intervals.push(id);
        if (i === lengths.length - 1) break;
        from = read(id)['end'] ?? '';
        const sync = read(read(from)['event'] ?? '')['sync'] ?? '';
        const set = score.edit({ type: 'setTrigger', id: sync, expression: texts[i] ?? '' });
        if ('issue' in set) throw new Error(set.issue.message);
        syncs.push(sync);
      }
      return { intervals, syncs };
    },
    [durations, expressions] as const,
  );

/** All pages have the score of the first. */
export async function sameScore(pages: readonly Page[]): Promise<void> {
  const text = (await pages[0]?.evaluate(() => window.tutti.score.save())) ?? '';
  await Promise.all(pages.map((page) => until(page, (wanted) => window.tutti.score.save() === wanted, text))).catch(
    async (reason: unknown) => {
      const sights = await everywhere(pages, () => {
        const { id, objects } = window.tutti.score.read();
        const said = document.querySelector('.toasts')?.textContent.trim() ?? '';
        return JSON.stringify({ score: id, objects: Object.keys(objects).length, said, peers: window.tutti.room.peers });
      });
      throw new Error(`not the same score everywhere:\n${sights.join('\n')}`, { cause: reason });
    },
  );
}

export const played = (page: Page): Promise<unknown> => until(page, () => (window.tutti.run.position() ?? -1) >= 0, undefined);

export const runs = (page: Page, interval: string, timeout?: number): Promise<unknown> =>
  until(page, (id) => window.tutti.run.running().includes(id), interval, timeout);

export const waits = (page: Page, sync: string): Promise<unknown> => until(page, (id) => window.tutti.run.waiting().includes(id), sync);

/** What is known of a page's playhead: its position against the one clock of this machine, which no fault falsifies, ms. */
export const ahead = (pages: readonly Page[]): Promise<number[]> =>
  everywhere(pages, () => {
    // A reading that the machine interrupted says nothing.
    for (;;) {
      const before = performance.now();
      const position = window.tutti.run.position() ?? Number.NaN;
      if (performance.now() - before < 0.5) return position - before - performance.timeOrigin;
    }
  });

export const spreadOf = (figures: readonly number[]): number => Math.max(...figures) - Math.min(...figures);

export interface Watch {
  /** Largest difference between two successive readings of position against the page's own true clock, ms. */
  readonly jump: number;
  readonly readings: number;
}

/** Reads each page's playhead every 10 ms from now on, until the returned function is called. */
export async function watchPlayheads(watched: readonly Page[]): Promise<() => Promise<readonly Watch[]>> {
  // Who comes meanwhile is not watched.
  const pages = [...watched];
  await everywhere(pages, () => {
    const seen: number[] = [];
    const look = setInterval(() => {
      const before = performance.now();
      const position = window.tutti.run.position() ?? Number.NaN;
      if (performance.now() - before < 0.5) seen.push(position - before);
    }, 10);
    Object.assign(window, {
      endWatch: () => {
        clearInterval(look);
        const steps = seen.slice(1).map((ahead, i) => Math.abs(ahead - (seen[i] ?? ahead)));
        return { jump: Math.max(...steps), readings: seen.length };
      },
    });
  });
  return () => everywhere(pages, () => (window as unknown as { endWatch(): Watch }).endWatch());
}

/** Fails a test whose pages threw: to be asked at its end. */
export function collectErrors(pages: readonly Page[]): readonly string[] {
  const errors: string[] = [];
  for (const page of pages) page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

/** The log as it should be the same everywhere: who fired what, when, ordered. */
export const firedEverywhere = (pages: readonly Page[]): Promise<string[]> =>
  everywhere(pages, () =>
    window.tutti.run
      .log()
      .flatMap((fact) => (fact.type === 'fired' ? [`${fact.sync} ${fact.path} ${fact.at} ${fact.by}`] : []))
      .sort()
      .join('\n'),
  );
