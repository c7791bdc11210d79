import type { KeyCommand } from '../keys.ts';
import type { Studio } from '../studio.svelte.ts';
import { ownerName, whyNotControl } from '../axes/may.ts';
import { addInterval, duplicate, removeSelected, selectAll } from './create.ts';
import { beginByHand, changeSpeed, endByHand } from './by-hand.ts';
import { chooseFile, saveFile, saveForOssia } from './file.ts';

export interface StudioActions {
  showShortcuts(): void;
  toggleDrawer(): void;
  zoomToFit(): void;
  zoomToSelection(): void;
  addComment(): void;
  /** ms in the root interval at which an object is drawn. */
  dateOf(id: string): number | undefined;
  /** ms */
  setStart(at: number): void;
}

export function toggleRun({ peer, start }: Studio): void {
  const { state } = peer.run.view();
  if (state === 'idle') peer.run.play({ from: start });
  else peer.run.stop();
}

export function togglePause({ peer }: Studio): void {
  const { state } = peer.run.view();
  if (state === 'playing') peer.run.pause();
  if (state === 'paused') peer.run.resume();
}

/** Who may not control silences its own machine: nobody would hear more of it. */
export function panic(studio: Pick<Studio, 'peer' | 'people' | 'rightsTurn' | 'tell'>): void {
  const isForAll = whyNotControl(studio) === undefined;
  studio.peer.devices.panic(isForAll);
  studio.tell(
    isForAll
      ? 'Everything was silenced, on all machines.'
      : `Silenced on this machine. To silence all, ask ${ownerName(studio) ?? 'the owner of the room'}.`,
  );
}

export function undo({ peer, tell }: Studio): void {
  if (!peer.score.undo()) tell('Nothing of yours to undo.');
}

export function redo({ peer, tell }: Studio): void {
  if (!peer.score.redo()) tell('Nothing of yours to redo.');
}

/** Everything that a key can do in the studio, in the order of the sheet. */
export function createCommands(studio: Studio, actions: StudioActions): readonly KeyCommand[] {
  const { peer, selection } = studio;
  const toStart = (): void => {
    actions.setStart(0);
    if (peer.run.view().state !== 'idle') peer.run.seek(0);
  };
  const restart = (): void => {
    if (peer.run.view().state === 'idle') peer.run.play();
    else peer.run.seek(0);
  };
  const playSelected = (): void => {
    const at = actions.dateOf(studio.held.at(-1) ?? '');
    if (at === undefined) return studio.tell('Select what to play from.');
    if (peer.run.view().state !== 'idle') return peer.run.seek(at);
    actions.setStart(at);
    peer.run.play({ from: at });
  };
  return [
    { group: 'Play', label: 'Play or stop, for all', keys: ['Space'], run: () => toggleRun(studio) },
    { group: 'Play', label: 'Play from the start', keys: ['Enter', '.'], run: restart },
    { group: 'Play', label: 'Back to the start', keys: ['Home'], run: toStart },
    { group: 'Play', label: 'Pause or go on', keys: ['p'], run: () => togglePause(studio) },
    { group: 'Play', label: 'Play from what is selected, or go there', keys: ['g'], run: playSelected },
    { group: 'Play', label: 'Begin the selected interval now', keys: ['b'], run: () => beginByHand(studio) },
    { group: 'Play', label: 'End it now', keys: ['e'], run: () => endByHand(studio) },
    { group: 'Play', label: 'It, or all, half as fast', keys: ['['], run: () => changeSpeed(studio, 0.5) },
    { group: 'Play', label: 'Twice as fast', keys: [']'], run: () => changeSpeed(studio, 2) },
    { group: 'Play', label: 'Silence everything', keys: ['Shift+!', '!'], run: () => panic(studio) },
    { group: 'Edit', label: 'Undo my last edit', keys: ['$mod+z'], run: () => undo(studio) },
    { group: 'Edit', label: 'Redo it', keys: ['$mod+Shift+z', '$mod+Shift+Z', '$mod+y'], run: () => redo(studio) },
    { group: 'Edit', label: 'Delete', keys: ['Delete', 'Backspace'], run: () => removeSelected(studio) },
    { group: 'Edit', label: 'Duplicate after', keys: ['$mod+d'], run: () => duplicate(studio) },
    { group: 'Edit', label: 'Select all intervals', keys: ['$mod+a'], run: () => selectAll(studio) },
    { group: 'Edit', label: 'Select nothing', keys: ['Escape'], run: () => selection.clear() },
    { group: 'Edit', label: 'Add an interval', keys: ['i'], run: () => addInterval(studio) },
    { group: 'Edit', label: 'Write a comment', keys: ['c'], run: actions.addComment },
    { group: 'Score', label: 'Save as file', keys: ['$mod+s'], run: () => saveFile(studio) },
    { group: 'Score', label: 'Save as .score, for ossia', keys: ['$mod+Shift+s', '$mod+Shift+S'], run: () => saveForOssia(studio) },
    { group: 'Score', label: 'Open a file', keys: ['$mod+o'], run: () => chooseFile(studio) },
    { group: 'View', label: 'See the whole score', keys: ['\\', 'f'], run: actions.zoomToFit },
    { group: 'View', label: 'See what is selected', keys: ['Shift+f', 'Shift+F'], run: actions.zoomToSelection },
    { group: 'View', label: 'Drawer', keys: ['d'], run: actions.toggleDrawer },
    { group: 'View', label: 'These keys', keys: ['Shift+?', '?'], run: actions.showShortcuts },
  ];
}
