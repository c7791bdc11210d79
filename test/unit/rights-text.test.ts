import { expect, it } from 'vitest';
import { rightsText } from '../../src/peer-rights.ts';

it('[RI40] whose rights change is told what it may do now, seeing included', () => {
  const told = (view: boolean, edit: boolean, control: boolean): string => rightsText({ view, edit, control });
  expect(told(true, true, true)).toBe('You may edit and control now.');
  expect(told(true, true, false)).toMatch(/^You may edit, not control:/);
  expect(told(true, false, true)).toMatch(/^You may control, not edit:/);
  expect(told(true, false, false)).toMatch(/^You may look and listen:/);
  expect(told(false, false, false)).toMatch(/^You may not see the score:/);
});
