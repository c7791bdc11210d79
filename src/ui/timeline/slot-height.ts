import type { Process } from '../../crdt/score.ts';

/** px a slot takes: what is drawn is high, the others say their name and where they lead. */
export function slotHeight(process: Process): number {
  switch (process.type) {
    case 'automation':
    case 'notes':
    case 'spline':
    case 'mapping':
      return 64;
    case 'lfo':
    case 'tempo':
    case 'generator':
    case 'steps':
      return 48;
    case 'gradient':
      return 40;
    case 'pattern':
      return LABEL + Math.min(8, Math.max(3, ...process.patterns.map(({ lanes }) => lanes.length))) * LANE + 6;
    case 'text':
      return LABEL + Math.min(LINES_MAX, Math.max(1, linesOf(process.text).length)) * LINE + 4;
    case 'opaque':
      return process.ports.length > 0 ? 48 : PLAIN;
    case 'metronome':
    case 'micromap':
    case 'filter':
      return 40;
    default:
      return PLAIN;
  }
}

const PLAIN = 32;
/** The strip of the slot's own label. */
const LABEL = 17;
/** Of a pattern. */
const LANE = 6;
/** Of a text box. */
export const LINE = 15;
export const LINES_MAX = 4;

/** Lines of a text; those beyond what a slot shows are left out. */
export const linesOf = (text: string): readonly string[] => text.slice(0, LOOKED_AT).split('\n').slice(0, LINES_MAX);
/** Nobody reads more than this in a slot. */
const LOOKED_AT = 1000;
