import type { Issue } from '../../base.ts';

/** Something a device has to tell the person: a plain sentence, and what to do. */
export interface DeviceNotice extends Issue {
  readonly level: 'hint' | 'warning' | 'error';
}
