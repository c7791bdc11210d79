import { describe, expect, it } from 'vitest';
import { readHeadlessOptions } from '../../../src/headless-options.node.ts';

const CODE = 'abandon-ability-able-about-above';
const read = (...args: string[]): unknown => readHeadlessOptions(args, {});

describe('the command line of a headless peer', () => {
  it('[HL2] needs a room only; the server is taken from its link', () => {
    const rest = { code: CODE, name: 'Headless', hue: 0, groups: [], isQuiet: false };
    expect(read('--room', CODE)).toEqual({ url: 'ws://localhost:8080/signal', ...rest });
    expect(read('--room', `https://stage.example/tutti/?x=1#${CODE}`)).toEqual({ url: 'wss://stage.example/tutti/signal', ...rest });
    expect(read('--room', `https://a.example/#${CODE}`, '--server', 'ws://b.example:81/signal')).toMatchObject({
      url: 'ws://b.example:81/signal',
    });
  });

  it('[HL2] takes the rest as it is given', () => {
    const args = ['--room', CODE, '--name', 'Bot', '--hue', '3', '--groups', ' a, b,,', '--folder', 'x', '--script', 'y.mjs', '--quiet'];
    expect(read(...args)).toMatchObject({ name: 'Bot', hue: 3, groups: ['a', 'b'], folder: 'x', script: 'y.mjs', isQuiet: true });
  });

  it('[HL2] says all that is wrong at once, and takes a false clock in tests only', () => {
    expect(read('--server', 'nowhere', '--hue', '12', '--fault', '1,2')).toEqual({
      wrong: [
        '--room is missing.',
        '--server must be an address such as http://localhost:8080, not "nowhere".',
        '--hue must be a whole number from 0 to 11, not "12".',
        '--fault is for tests: TUTTI_TEST=1 and <offset ms>,<skew ppm>.',
      ],
    });
    expect(read('--room', CODE, '--play-at', '24:00')).toEqual({
      wrong: ['--play-at must be a time of day such as 20:00 or 20:00:30, not "24:00".'],
    });
    expect(read('--room', CODE, '--play-at', '20:00')).toMatchObject({ playAt: '20:00' });
    expect(read('--room', 'one-two')).toHaveProperty('wrong');
    expect(read('--room', CODE, '--other')).toHaveProperty('wrong');
    expect(read('--room', CODE, '--name', '--quiet')).toHaveProperty('wrong');
    expect(readHeadlessOptions(['--room', CODE, '--fault', '5,100'], { TUTTI_TEST: '1' })).toMatchObject({
      fault: { offset: 5, skew: 100 },
    });
    expect(readHeadlessOptions(['--room', CODE, '--fault', 'x'], { TUTTI_TEST: '1' })).toHaveProperty('wrong');
  });
});
