import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createStage, NAMES, randomCode, whole } from './stage.ts';
import type { Stage } from './stage.ts';

const ROUNDS = 20;
let stage: Stage;
let pages: readonly Page[] = [];

beforeAll(async () => {
  stage = await createStage();
  pages = await Promise.all([0, 1, 2].map((i) => stage.open({ name: NAMES[i] ?? '' })));
}, 60_000);
afterAll(() => stage?.close());

/** Enters a room at a given wall-clock instant, as if three people pressed in the same millisecond. */
const enterAt = (page: Page, code: string, at: number): Promise<unknown> =>
  page.evaluate(
    async ([room, date]) => {
      while (Date.now() < date - 20) await new Promise((resolve) => setTimeout(resolve, 5));
      while (Date.now() < date);
      location.hash = `#${room}`;
    },
    [code, at] as const,
  );

it(
  `[LK1] three pages that join in the same millisecond are whole, every channel answering, ${ROUNDS} times of ${ROUNDS}`,
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const code = randomCode();
      await Promise.all(pages.map((page) => page.goto(`${stage.url}/?name=${round}`)));
      const at = Date.now() + 300;
      await Promise.all(pages.map((page) => enterAt(page, code, at)));
      await Promise.all(pages.map((page) => whole(page, 3)));
      const masters = await Promise.all(pages.map((page) => page.evaluate(() => window.tutti.clock.master)));
      expect(new Set(masters).size, `one master in round ${round}`).toBe(1);
    }
  },
  20 * 15_000,
);
