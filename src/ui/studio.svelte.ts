import { createContext } from 'svelte';
import type { Unsubscribe } from '../base.ts';
import type { Command } from '../crdt/command.ts';
import type { Report } from '../crdt/ossia/report.ts';
import type { ObjectId, Score } from '../crdt/score.ts';
import type { Notice, Peer, PeerView, RunView } from '../peer-api.ts';
import type { OpenRoom } from './deps.ts';
import { createAnswers, type Answers } from './answers.svelte.ts';
import { groupGone } from './network/group-order.ts';
import { createNotices, type Notices } from './notices.svelte.ts';
import { createSelection, type Selection } from './selection.ts';

/**
 * Peer events as runes: every field is replaced whole when its event comes, so that components follow by plain reading.
 * What moves at every frame (positions, meters) is asked of the peer inside a frame, never kept here.
 */
export interface Studio {
  readonly room: OpenRoom;
  readonly peer: Peer;
  readonly selection: Selection;
  readonly notices: Notices;
  readonly answers: Answers;
  readonly score: Score;
  readonly run: RunView;
  readonly people: readonly PeerView[];
  /** The same, anew with the clock's figures, four times a second at most. */
  readonly present: readonly PeerView[];
  readonly connection: Peer['room']['state'];
  readonly held: readonly ObjectId[];
  /** Where *Play* begins for this person: ms in the root interval. */
  start: number;
  /** Count up with their events: reading one makes a component follow what is asked of the peer. */
  readonly clockTurn: number;
  readonly groupsTurn: number;
  readonly rightsTurn: number;
  readonly pitsTurn: number;
  readonly callsTurn: number;
  readonly keptTurn: number;
  /** What became of the score of ossia that was opened or saved last; undefined once it was read. */
  imported: Imported | undefined;
  /** Counts the files that this person has opened. */
  opened: number;
  /** What the drawer shows. */
  readonly drawer: DrawerPlace;
  showHealth(): void;
  /** Edits, and tells the person if that was refused; returns the created ids, main one first. */
  edit(command: Command): readonly ObjectId[];
  tell(message: string, level?: Notice['level']): void;
  close(): void;
}

export interface Imported {
  readonly name: string;
  /** It went out, to ossia. */
  readonly isSaved: boolean;
  readonly report: Report;
}

export interface DrawerPlace {
  isOpen: boolean;
  tab: string;
  network: string;
}

const [useStudio, provideStudio] = createContext<Studio>();
export { provideStudio, useStudio };

export function createStudio(room: OpenRoom, isDrawerOpen = false): Studio {
  const { peer } = room;
  const selection = createSelection();
  const notices = createNotices();
  const answers = createAnswers(notices);
  let score = $state.raw(peer.score.read());
  let run = $state.raw(peer.run.view());
  let people = $state.raw(peer.room.peers());
  let connection = $state.raw(peer.room.state);
  let held = $state.raw(selection.ids());
  let start = $state(0);
  let clockTurn = $state(0);
  let groupsTurn = $state(0);
  let rightsTurn = $state(0);
  let pitsTurn = $state(0);
  let callsTurn = $state(0);
  let keptTurn = $state(0);
  /** Groups, by this person, just now. */
  const deleted = new Set<ObjectId>();
  let imported = $state.raw<Imported>();
  let opened = $state(0);
  const drawer = $state<DrawerPlace>({ isOpen: isDrawerOpen, tab: 'mixer', network: 'topology' });
  const present = $derived((void clockTurn, void people, peer.room.peers()));

  const readPeople = (): void => {
    people = peer.room.peers();
    tellServer(peer.room.state);
    connection = peer.room.state;
    groupsTurn++;
  };
  const tellServer = (state: Peer['room']['state']): void => {
    if (connection === 'open' && state === 'offline')
      notices.add({
        level: 'warning',
        message: 'The server is away. Who is here stays linked and the performance goes on; newcomers wait until it is back.',
      });
    if (connection === 'offline' && state === 'open') notices.add({ level: 'hint', message: 'The server is back: newcomers may enter.' });
  };
  /** What was in a deleted group changes hands, whoever deleted it. */
  const tellGroup = (before: Score): void => {
    const gone = groupGone(before, score);
    if (!gone) return;
    const own = deleted.delete(gone.id) ? ' Undo brings it back, with its people.' : '';
    notices.add({ level: 'warning', message: `${gone.text}${own}`, about: `group ${gone.id}` });
  };
  const readRun = (): void => {
    run = peer.run.view();
  };
  const subscriptions: readonly Unsubscribe[] = [
    peer.on('score', () => {
      const before = score;
      score = peer.score.read();
      tellGroup(before);
      // What someone else deleted is no longer in hand.
      selection.set(selection.ids().filter((id) => exists(score, id)));
      groupsTurn++;
    }),
    peer.on('run', readRun),
    peer.on('peers', readPeople),
    peer.on('room', readPeople),
    peer.on('clock', () => void clockTurn++),
    peer.on('groups', () => void groupsTurn++),
    peer.on('rights', () => void rightsTurn++),
    peer.on('pits', () => void pitsTurn++),
    peer.on('calls', () => void callsTurn++),
    peer.on('kept', () => void keptTurn++),
    peer.on('notice', answers.hear),
    selection.on(() => {
      held = selection.ids();
    }),
  ];

  return {
    room,
    peer,
    selection,
    notices,
    answers,
    get score() {
      return score;
    },
    get run() {
      return run;
    },
    get people() {
      return people;
    },
    get present() {
      return present;
    },
    drawer,
    showHealth: () => void Object.assign(drawer, { isOpen: true, tab: 'network', network: 'health' }),
    get connection() {
      return connection;
    },
    get held() {
      return held;
    },
    get start() {
      return start;
    },
    set start(ms) {
      start = ms;
    },
    get clockTurn() {
      return clockTurn;
    },
    get groupsTurn() {
      return groupsTurn;
    },
    get rightsTurn() {
      return rightsTurn;
    },
    get keptTurn() {
      return keptTurn;
    },
    get imported() {
      return imported;
    },
    set imported(next) {
      imported = next;
    },
    get opened() {
      return opened;
    },
    set opened(next) {
      opened = next;
    },
    get pitsTurn() {
      return pitsTurn;
    },
    get callsTurn() {
      return callsTurn;
    },
    edit(command) {
      if (command.type === 'delete') for (const id of command.ids) if (score.groups.has(id)) deleted.add(id);
      const result = peer.score.edit(command);
      if ('created' in result) return result.created;
      notices.add({ ...result.issue, level: 'error' });
      return [];
    },
    tell: (message, level = 'hint') => notices.add({ message, level }),
    close: () => subscriptions.forEach((off) => off()),
  };
}

/** True for objects, tracks and groups alike. */
export function exists(score: Score, id: ObjectId): boolean {
  const { intervals, syncs, events, states, processes, comments, cables, devices, tracks, groups } = score;
  return [intervals, syncs, events, states, processes, comments, cables, devices, tracks, groups].some((map) => map.has(id));
}
