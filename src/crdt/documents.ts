import type * as Y from 'yjs';
import type { Emitter, PeerId } from '../base.ts';
import { createEmitter } from '../base.ts';
import type { Host } from '../mesh/host.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { TOPIC } from '../mesh/wire.ts';
import { createDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { isAlike } from './difference.ts';
import { createDocument, seed, SEED } from './doc.ts';
import { edit } from './edit.ts';
import { createLineage } from './lineage.ts';
import type { Lineage } from './lineage.ts';
import { createRoomDocument } from './room.ts';
import type { RoomDocument } from './room.ts';
import { createKept, isBlank } from './kept.ts';
import type { Kept } from './kept.ts';
import type { Pace } from './pace.ts';
import { read } from './read.ts';
import type { DocumentStore, OpenStore } from './store.ts';
import { migrate } from './schema.ts';
import { createSync } from './sync.ts';
import type { Arrival, DocumentState, Sync } from './sync.ts';
import type { Adopted } from './sync/interface.ts';

/**
 * The life of the two documents: loaded from this device, named when a session is founded, synced with who has the
 * same lineage, replaced when another session or an older score is met. What gives way is kept aside.
 */
export interface Documents {
  readonly desk: Desk;
  readonly room: RoomDocument;
  /** Edits of this peer that no other device confirmed. */
  unconfirmed(): number;
  /** A peer's documents against ours. */
  stateOf(peer: PeerId): DocumentState;
  /** Of something large that comes from a peer, or goes to it, the part that came; 0 to 1. */
  progress(peer: PeerId): number | undefined;
  /** What is large and on its way here. */
  arrival(): Arrival | undefined;
  /** Copies of scores that gave way, on this device. */
  readonly kept: Kept;
  /** From now on the documents are exchanged; once. */
  attach(mesh: Mesh, receive: Mesh['receive']): void;
  /** Others may write than before. isNew: by a rule that this peer did not know when it took what it has. */
  rightsChanged(isNew: boolean): void;
  /** A link is whole, or is not any more. */
  joined(peer: PeerId): void;
  left(peer: PeerId): void;
  on: Emitter<DocumentEvents>['on'];
  close(): void;
}

export interface DocumentEvents {
  score: { readonly isStructural: boolean };
  room: undefined;
  /** What `stateOf` or `progress` says changed; at most 4 Hz. */
  sync: undefined;
  /** The room document is the room's now, where ours had come to differ: what this peer alone had said is gone from it. */
  adopted: undefined;
  /** The room document belongs to another session now: facts of the former are void. */
  session: undefined;
  notice: { readonly level: 'hint' | 'warning'; readonly message: string };
}

export interface DocumentsOptions {
  /** Name under which this device keeps the room. */
  readonly name: string;
  /** Which tab this is: what it keeps back is its own. */
  readonly instance: number;
  /** The `.tutti` file that a room without a score begins with. */
  readonly initial?: unknown;
  readonly pace: Pace;
  /** Who may see the documents, and write one of them; absent: everybody. */
  readonly rights?: {
    maySee(peer: PeerId): boolean;
    mayWrite(peer: PeerId, document: number): boolean;
    /** Something was sent that is not taken from there. */
    notEntitled(peer: PeerId): void | 'refused';
  };
  /** Stored copies are loaded (or could not be): the mesh may be entered. */
  loaded(): void;
}

const STATE_MS = 250;

/** A store that does not answer must not keep anyone out. */
const LOAD_MAX_MS = 5000;

export function createDocuments(host: Host, store: DocumentStore, options: DocumentsOptions): Documents {
  const { on, emit } = createEmitter<DocumentEvents>();
  const scoreName = `score/${options.name}`;
  const roomName = `room/${options.name}`;
  const forkName = `fork/${options.name}/${options.instance}`;
  const kept = createKept(store, host.random, `${scoreName}/kept/`);
  const desk = createDesk(host.random, createDocument(host.random), host.clock);
  let room = createRoomDocument(createDocument(host.random));
  let former: RoomDocument | undefined = createRoomDocument(createDocument(host.random));
  let scoreStore: OpenStore | undefined;
  let roomStore: OpenStore | undefined;
  let since = 0;
  let stopRoom = (): void => undefined;
  let sync: Sync | undefined;
  let mesh: Mesh | undefined;
  let lineage: Lineage | undefined;
  let lastId = '';

  const watchRoom = (): void => {
    stopRoom();
    stopRoom = room.onChange(() => emit('room', undefined));
  };
  desk.onChange((change) => {
    emit('score', change);
    nameWhenNeeded();
  });
  desk.onNotice(({ message }) => emit('notice', { level: 'hint', message }));
  watchRoom();

  let waiting = 3;
  const loadedOne = (): void => {
    waiting -= 1;
    if (waiting !== 0) return;
    cancelLoad();
    resumeFork();
    options.loaded();
  };
  const cancelLoad = host.timer.after(LOAD_MAX_MS, () => {
    if (waiting <= 0) return;
    waiting = -1;
    options.loaded();
  });
  scoreStore = store.open(scoreName, desk.shared, () => {
    const issue = migrate(desk.shared);
    if (issue) emit('notice', { level: 'warning', message: issue.message });
    loadedOne();
  });
  const formerStore = store.open(roomName, former.doc, loadedOne);
  const keptFork = createDocument(host.random);
  let forkStore: OpenStore | undefined = store.open(forkName, keptFork, loadedOne);
  desk.onFork((fork) => {
    if (fork === keptFork) return;
    forkStore?.close();
    forkStore = store.renew(forkName, fork ?? createDocument(host.random));
    if (fork) return;
    forkStore.close();
    forkStore = undefined;
  });

  /** Who was opted out before a reload still is: unsent edits are nowhere else. */
  function resumeFork(): void {
    if (desk.sending === 'none' || desk.resume(keptFork)) return;
    forkStore?.close();
    forkStore = undefined;
  }

  /** A score begins its lineage when someone founds a session without one, or writes the first word offline. */
  function nameWhenNeeded(): void {
    const { id } = desk.sharedScore();
    if (id === lastId) return;
    lastId = id;
    lineage?.restate();
  }

  let cancelState: (() => void) | undefined;
  function stateSoon(): void {
    cancelState ??= host.timer.after(STATE_MS, () => {
      cancelState = undefined;
      emit('sync', undefined);
    });
  }

  /** Whatever keeping meets, the room's score comes. */
  function keepAside(): string {
    try {
      kept.keep(desk.sharedScore().title, desk.shared);
      return 'is kept on this device: menu “…”, Kept copies.';
    } catch {
      return 'could not be kept.';
    }
  }

  /** Somebody wrote twice under one number, and most of the room has the other version; or ours is of who may not write. */
  function adoptScore(doc: Y.Doc, because: Adopted['because']): void {
    const isOther = because === 'dispute' || !isAlike(desk.sharedScore(), read(doc));
    const fate = isOther ? keepAside() : '';
    scoreStore?.close();
    sync?.replace(0, doc);
    const again = desk.adopt(doc);
    scoreStore = store.renew(scoreName, doc);
    const steps = again === 0 ? '' : again === 1 ? ' Your last step was done again.' : ` Your last ${again} steps were done again.`;
    if (because === 'rights') {
      if (isOther)
        emit('notice', { level: 'warning', message: `What was not taken by the room is gone from the score; the former copy ${fate}` });
      return emit('score', { isStructural: true });
    }
    emit('notice', {
      level: 'warning',
      message: `Your copy of the score had come to differ from the room's; now it is the same. The former copy ${fate}${steps}`,
    });
    emit('score', { isStructural: true });
  }
  function adoptRoom(doc: Y.Doc): void {
    roomStore?.close();
    const before = room;
    room = createRoomDocument(doc, mayWriteRoom);
    roomStore = store.renew(roomName, doc);
    watchRoom();
    sync?.replace(1, doc);
    before.close();
    emit('adopted', undefined);
    emit('room', undefined);
  }
  function accuse(peer: PeerId): void {
    mesh?.refuse(peer, 'wrote different things to different people');
    const name = mesh?.members().find(({ id }) => id === peer)?.profile.name ?? 'Someone';
    emit('notice', {
      level: 'warning',
      message: `${name} wrote different things to different people: edits are no longer taken from there.`,
    });
  }

  /** Both documents are synced by one object, so a new document means a new one. */
  function restartSync(): void {
    sync?.close();
    const on = mesh;
    if (!on) return;
    sync = createSync(
      host,
      {
        peers: () =>
          on.members().flatMap(({ id, link }) => (link === 'whole' && lineage?.isCompatible(id) === true && maySee(id) ? [id] : [])),
        send: (to, payload) => on.send(to, 'state', TOPIC.sync, payload),
        buffered: (to) => on.buffered(to, 'state'),
        self: on.self,
        pace: options.pace,
        areLinked: (a, b) => on.graph().areLinked(a, b),
        broadcast: (payload) => on.broadcast('event', TOPIC.ballot, payload),
        refuse: (from) => on.refuse(from, 'an update that is not one'),
        mayWrite,
        notEntitled: (from) => options.rights?.notEntitled(from),
      },
      { score: desk.shared, room: room.doc },
    );
    sync.onState(stateSoon);
    sync.onProgress(stateSoon);
    sync.onAdopt(({ document, doc, because }) => (document === 0 ? adoptScore(doc, because) : adoptRoom(doc)));
    sync.onOffender(accuse);
    for (const { id } of on.members()) if (lineage?.isCompatible(id) === true) sync.joined(id);
    for (const document of [0, 1]) if (!mayWrite(on.self, document)) sync.renew(document);
  }

  const mayWriteRoom = (): boolean => mesh === undefined || mayWrite(mesh.self, 1);
  const maySee = (peer: PeerId): boolean => options.rights?.maySee(peer) ?? true;
  const mayWrite = (peer: PeerId, document: number): boolean => options.rights?.mayWrite(peer, document) ?? true;
  let couldWrite = [true, true];
  /** What this peer wrote and may not have, or took from who may not have, is let go for what those hold who may [RI6]. */
  function rightsChanged(isNew: boolean): void {
    const to = mesh;
    if (!to) return;
    const before = couldWrite;
    couldWrite = [0, 1].map((document) => mayWrite(to.self, document));
    for (const document of [0, 1]) {
      const isLost = before[document] === true && couldWrite[document] === false;
      const isTainted = isNew && [...(sync?.givers(document) ?? [])].some((peer) => !mayWrite(peer, document));
      if (isLost || isTainted) sync?.renew(document);
    }
    lineage?.restate();
    stateSoon();
  }

  /** Founder or adopter: the room document begins anew. Memberships known to this device go on by value, if it founded. */
  function sessionChanged(): void {
    const session = mesh?.clock.session();
    if (!mesh || !session) return;
    since = mesh.clock.now();
    const before = former ?? room;
    formerStore.close();
    roomStore?.close();
    room = createRoomDocument(createDocument(host.random), mayWriteRoom);
    roomStore = store.renew(roomName, room.doc);
    if (session.isFounder) {
      for (const [peer, { name, hue, groups }] of before.members()) {
        room.introduce(peer, name, hue);
        for (const group of groups) room.setMember(peer, group, true);
        if (before.isPlaced(peer)) room.place(peer);
      }
      for (const group of before.newcomers()) room.setNewcomer(group, true);
      room.setTakeOver(before.takeOver());
      beginScore();
    }
    former?.close();
    former = undefined;
    watchRoom();
    restartSync();
    lineage?.restate();
    emit('session', undefined);
    emit('room', undefined);
  }

  /** Nobody can undo what nobody did: the first score is not a step of the founder's. */
  function beginScore(): void {
    if (desk.sharedScore().id !== '') return;
    seed(desk.shared, host.random);
    if (options.initial !== undefined) edit(desk.shared, { type: 'replace', file: options.initial }, host.random, SEED);
  }

  /** The room plays another score than the one kept here: ours is put aside and theirs comes. */
  function giveWay(): void {
    const given = desk.sharedScore();
    if (!isBlank(given)) {
      const message = `The room plays another score. Yours, “${given.title || 'Untitled'}”, ${keepAside()}`;
      emit('notice', { level: 'warning', message });
    }
    scoreStore?.close();
    desk.replaceDocument(createDocument(host.random));
    scoreStore = store.renew(scoreName, desk.shared);
    restartSync();
    lineage?.restate();
    emit('score', { isStructural: true });
  }

  return {
    desk,
    get room() {
      return room;
    },
    unconfirmed: () => sync?.unconfirmed() ?? 0,
    stateOf: (peer) => sync?.stateOf(peer) ?? 'comparing',
    progress: (peer) => sync?.progress(peer),
    arrival: () => sync?.arrival(),
    kept,
    attach(to, receive) {
      mesh = to;
      lineage = createLineage({
        self: to.self,
        session() {
          const session = to.clock.session();
          return session && { id: session.id, since, isFounder: session.isFounder };
        },
        now: () => to.clock.now(),
        scoreId: () => desk.sharedScore().id,
        // In order: a statement that overtakes the next one would stand for ever.
        send: (peer, payload) => void to.send(peer, 'state', TOPIC.lineage, payload),
        compatible(peer, isCompatible) {
          if (isCompatible) sync?.joined(peer);
          else sync?.left(peer);
        },
        giveWay,
        mayWrite: (peer) => mayWrite(peer, 0),
      });
      receive(TOPIC.lineage, (from, payload) => lineage?.receive(from, payload));
      receive(TOPIC.sync, (from, payload) => (lineage?.isCompatible(from) === true ? sync?.receive(from, payload) : undefined));
      receive(TOPIC.ballot, (from, payload) => sync?.receiveBallot(from, payload));
      to.on('session', sessionChanged);
      restartSync();
      sessionChanged();
    },
    rightsChanged,
    joined: (peer) => lineage?.joined(peer),
    left: (peer) => lineage?.left(peer),
    on,
    close() {
      cancelState?.();
      sync?.close();
      stopRoom();
      scoreStore?.close();
      roomStore?.close();
      formerStore.close();
      forkStore?.close();
      desk.close();
    },
  };
}
