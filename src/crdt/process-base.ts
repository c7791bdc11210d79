import type { Flicks } from '../base.ts';
import type { Foreign, ObjectId, Policies } from './object.ts';

/**
 * Contents of intervals over time. What makes a value has an `address` that it goes to besides cables, what takes one an
 * `input` that it reads where no cable comes in; both may be empty. Any parameter of a process is an address, too:
 * `process:/<id>/<parameter>`.
 */
export interface ProcessBase extends Foreign {
  readonly kind: 'process';
  readonly id: ObjectId;
  readonly policies: Policies;
  readonly interval: ObjectId;
  readonly name: string;
  /** Fractional index: order of slots under the interval, top first. */
  readonly rank: string;
  /** The process's own time wraps at `loopDuration` inside its interval. */
  readonly isLooping: boolean;
  readonly loopDuration: Flicks;
  readonly startOffset: Flicks;
}
