import type { MeshTime } from '../base.ts';
import type { ObjectId, Score } from '../crdt/score.ts';
import type { Value } from '../crdt/value.ts';
import type { DeviceRegistry } from './devices.ts';
import type { Engine } from './run.ts';

/** What a performer reads and whom it tells. */
export interface PerformerDeps {
  readonly engine: Pick<Engine, 'plan' | 'entry' | 'preview'>;
  score(): Score;
  readonly devices: Pick<DeviceRegistry, 'send' | 'note' | 'cut'> & Partial<Pick<DeviceRegistry, 'read' | 'play'>>;
  /** This peer performs the object: it is in its group. */
  isMine(object: ObjectId): boolean;
  /** Values that a person or a controller set in parameters of a process, by name. */
  controls?(process: ObjectId): ReadonlyMap<string, Value> | undefined;
  /** What a display shows. */
  show?(process: ObjectId, value: Value, at: MeshTime): void;
  /** Ids of the pit processes that run now, and of what plays what comes out of MIDI pits, whenever they change; in order of id. */
  onPits?(running: readonly ObjectId[]): void;
  /** Another told what is dated before; absent: nobody did. */
  readonly since?: MeshTime;
}
