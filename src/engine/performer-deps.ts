import type { ObjectId, Score } from '../crdt/score.ts';
import type { DeviceRegistry } from './devices.ts';
import type { Engine } from './run.ts';

/** What a performer reads and whom it tells. */
export interface PerformerDeps {
  readonly engine: Pick<Engine, 'plan' | 'history' | 'preview'>;
  score(): Score;
  readonly devices: Pick<DeviceRegistry, 'send' | 'note' | 'cut'>;
  /** This peer performs the object: it is in its group. */
  isMine(object: ObjectId): boolean;
  /** Ids of the pit processes that run now, whenever they change; in order of id. */
  onPits?(running: readonly ObjectId[]): void;
}
