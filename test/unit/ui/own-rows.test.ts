import { expect, it } from 'vitest';
import { ownText } from '../../../src/ui/studio/own-rows.ts';

it('[UI123] a row of what is kept back says how it differs, and that it plays otherwise until published', () => {
  const text = (state: Parameters<typeof ownText>[0]['state'], isUnplayed: boolean): string => ownText({ state, isUnplayed });
  expect([text('made', true), text('changed', true), text('orphaned', true)]).toEqual([
    'new, plays when published',
    'changed, plays when published',
    'orphaned, plays when published',
  ]);
  expect([text('gone', true), text('gone', false), text('changed', false)]).toEqual([
    'deleted here, plays until published',
    'deleted here',
    'changed',
  ]);
});
