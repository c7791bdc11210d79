import type { MeshTime, PeerId } from './base.ts';
import { createEmitter } from './base.ts';
import { createCompanionDoor } from './companion-door.ts';
import { createContainment } from './containment.ts';
import { createDocuments } from './crdt/documents.ts';
import { createPresenceExchange } from './crdt/presence.ts';
import { createMediaExchange } from './crdt/media/exchange.ts';
import { createMemoryChunks } from './crdt/media/store.ts';
import { createPace } from './crdt/pace.ts';
import { createDevices } from './engine/devices.ts';
import { createUnplayed } from './engine/unplayed.ts';
import { createTuttiDevice } from './engine/devices/tutti.ts';
import { TICK_MS } from './engine/performer.ts';
import { peerIdOf, sign, verify } from './mesh/identity.ts';
import { createMeetings } from './meetings.ts';
import { createMesh, type Mesh, type Profile } from './mesh/mesh.ts';
import { tidyProfile } from './mesh/profile.ts';
import { TOPIC } from './mesh/wire.ts';
import type { PeerEvents } from './peer-api.ts';
import { createPeerRights } from './peer-rights.ts';
import type { PeerOptions, PeerPorts, PerformingPeer } from './peer-ports.ts';
import { createPeerCalls } from './peer-calls.ts';
import { createPeerGroups } from './peer-groups.ts';
import { createPeerUtc } from './peer-utc.ts';
import { createPeerPits } from './peer-pits.ts';
import { createPeerRun } from './peer-run.ts';
import { createDevicesView, createRoomView, presentOf } from './peer-view.ts';
import { createQuotas } from './quota.ts';
import { holdBack } from './mesh/hold-back.ts';

export type { PeerOptions, PeerPorts, PerformingPeer };

/** A fact of before rights were taken is dated ahead by its author's slowest link (250 ms at most), a start by 165 ms more [RI24]. */
const AHEAD_MS = 600;
/** Until media are kept on disk. */
const MEDIA_BYTES_MAX = 256 * 1024 * 1024;

/** Wires the cores into one performer. Alike in a page, in Node and in the simulator. */
export function createPeer({ host, transport, store, companion, calls: callPort }: PeerPorts, options: PeerOptions): PerformingPeer {
  const self = peerIdOf(options.identity, options.instance);
  const { on, emit } = createEmitter<PeerEvents>();
  const contain = createContainment((message) => emit('notice', { level: 'error', message }));
  const devices = createDevices();
  const gate = holdBack(transport);
  let profile = tidyProfile(options.profile);
  let isClosed = false;

  const pace = createPace(host, () => run.moment().state !== 'idle');
  let loading = 2;
  const loaded = (): void => {
    if (--loading === 0 && !isClosed) gate.release();
  };
  const rights = createPeerRights({
    ...{ host, self, store, identity: options.identity, tag: options.keys.tag, loaded },
    ...(options.root !== undefined && { root: options.root }),
    now: () => clock.now(),
    ahead: () => AHEAD_MS,
    session: () => clock.session()?.id ?? '',
    send: (to, payload) => void mesh.send(to, 'state', TOPIC.rights, payload),
    broadcast: (payload) => mesh.broadcast('event', TOPIC.rights, payload),
    master: () => clock.master(),
    present: () => present(),
    nameOf: (id) => nameOf(id),
    notify: (notice) => emit('notice', notice),
    changed: ({ isNew }) => rightsChanged(isNew),
    disputed: () => emit('rights', undefined),
  });
  const { mayControl } = rights;
  const documents = createDocuments(host, store, {
    name: options.keys.tag,
    instance: options.instance,
    initial: options.initial,
    pace,
    loaded,
    rights: {
      maySee: (id) => rights.desk.of(id).view,
      mayWrite: (id, document) => rights.desk.mayWrite(id, document),
      notEntitled: (id) => rights.notEntitled(id),
    },
  });
  const { desk } = documents;
  const mesh: Mesh = createMesh(host, gate.transport, {
    identity: options.identity,
    instance: options.instance,
    keys: options.keys,
    profile,
    ...{ isHeldBack: () => gate.isHeld(), mayCarry: mayControl },
  });
  const { clock } = mesh;
  const now = (): MeshTime => clock.now();

  const whole = (): readonly PeerId[] => mesh.members().flatMap(({ id, link }) => (link === 'whole' ? [id] : []));
  const present = (): readonly PeerId[] => presentOf(self, mesh.members());
  const groups = createPeerGroups({
    ...{ self, host, present, mayControl, room: () => documents.room, here: () => room.peers() },
    ...{ score: () => desk.read(), sharedScore: () => desk.sharedScore() },
    isMaster: () => rights.leader() === self,
    mayWrite: (id) => clock.session() !== undefined && rights.desk.mayWrite(id, 1),
    moment: () => run.moment(),
  });
  const { isMine } = groups;
  const unplayed = createUnplayed();
  const nameOf = (id: PeerId): string =>
    documents.room.members().get(id)?.name ?? room.peers().find((it) => it.id === id)?.name ?? 'somebody';

  const presence = createPresenceExchange(host, (payload) => mesh.broadcast('fast', TOPIC.presence, payload));
  const media = createMediaExchange(
    host,
    {
      ...{ peers: whole, pace },
      send: (to, payload) => mesh.send(to, 'media', TOPIC.media, payload),
      buffered: (to) => mesh.buffered(to, 'media'),
    },
    createMemoryChunks(MEDIA_BYTES_MAX),
  );

  const peerRun = createPeerRun({
    ...{ host, mesh, devices, documents, rights, groups, linked: whole, present, contain },
    ...{ identity: options.identity, instance: options.instance, tag: options.keys.tag },
    changed: () => emit('run', undefined),
    pits(running) {
      peerPits.runs(running);
      calls.runs(running);
    },
    reentered: () => peerPits.restart(),
    warn: (message) => emit('notice', { level: 'warning', message }),
  });
  const { desk: run, reenter } = peerRun;

  const quotas = createQuotas(host.clock);
  const hear: Mesh['receive'] = (topic, f) =>
    mesh.receive(
      topic,
      quotas.keep(topic, (from, payload) =>
        rights.admits(from, topic) ? contain(`a message of kind ${topic}`, () => f(from, payload)) : rights.notEntitled(from),
      ),
    );
  const peerPits = createPeerPits({
    ...{ self, timer: host.timer, mesh, devices, hear, isMine },
    master: (isOut) => rights.leader(isOut),
    ...{ tag: options.keys.tag, local: () => host.clock.now(), sign: (text) => sign(options.identity, text) },
    lied: (id) => rights.lied(id),
    mayPut: () => mayControl(self),
    links: () => whole().length,
    score: () => desk.read(),
    sharedScore: () => desk.sharedScore(),
    known: () => documents.room.members().keys(),
  });
  const calls = createPeerCalls({
    ...{ host, self, mesh, hear, groups, mayControl, nameOf, port: callPort },
    ...{ mayView: (id) => rights.desk.may(id, 'view'), score: () => desk.sharedScore(), others: () => meetings.seen() },
    changed: () => emit('calls', undefined),
    notify: (notice) => emit('notice', notice),
  });
  const score = rights.guardDesk(desk);
  devices.add(peerPits.device);
  devices.add(peerRun.parameters);
  devices.add(
    createTuttiDevice({
      play: () => run.play(),
      stop: () => run.stop(),
      position: () => run.position(),
      seek: (ms) => run.seek(ms),
      tempo: () => desk.read().tempo,
      setTempo: (tempo) => void (rights.desk.may(self, 'edit') && desk.edit({ type: 'setTempo', tempo })),
    }),
  );
  devices.onValue((address, value) => {
    run.value(address);
    if (!address.startsWith('pit:')) peerPits.value(address, value);
    emit('value', { address, value });
  });

  const introduce = (): void => {
    const entry = documents.room.members().get(self);
    if (clock.session() && (entry?.name !== profile.name || entry.hue !== profile.hue))
      documents.room.introduce(self, profile.name, profile.hue);
  };
  const readRoom = (): void => {
    introduce();
    groups.read();
    peerRun.read();
    run.electorateChanged();
    peerPits.refresh();
    calls.refresh();
    emit('groups', undefined);
  };

  const rightsChanged = (isNew: boolean): void => {
    for (const id of [self, ...meetings.seen()]) if (!mayControl(id)) peerPits.left(id);
    documents.rightsChanged(isNew);
    peerRun.rightsChanged(isNew);
    readRoom();
    emit('rights', undefined);
    emit('peers', undefined);
  };

  const meetings = createMeetings(() => mesh.members(), {
    /** Rights first, on the channel of documents: by them it is known whose to take. */
    meet(id) {
      rights.desk.joined(id);
      documents.joined(id);
    },
    leave(id) {
      rights.desk.left(id);
      documents.left(id);
      media.left(id);
      pace.left(id);
    },
    relinked: () => peerPits.relinked(),
    arrive(id) {
      peerPits.joined(id);
      calls.joined();
      run.joined();
    },
    lose: (id) => peerPits.unheard(id),
    depart(id) {
      peerPits.left(id);
      calls.left(id);
      presence.left(id);
      run.left(id);
      // Its last words may have come as facts alone: who comes later finds them in the document.
      run.restate(id);
    },
  });
  const membersChanged = (): void => {
    meetings.look();
    run.electorateChanged();
    emit('peers', undefined);
  };

  hear(TOPIC.rights, (from, payload) => rights.desk.receive(from, payload));
  hear(TOPIC.fact, (from, payload) => run.receiveFact(from, payload));
  hear(TOPIC.vote, (from, payload) => run.receiveVote(from, payload));
  hear(TOPIC.structure, (from, payload) => run.receiveStructure(from, payload));
  hear(TOPIC.media, (from, payload) => media.receive(from, payload));
  hear(TOPIC.presence, (from, payload) => presence.receive(from, payload));
  hear(TOPIC.panic, () => devices.panic());
  mesh.on('members', membersChanged);
  mesh.on('server', () => emit('room', undefined));
  mesh.on('clock', () => emit('clock', undefined));
  mesh.on('notice', (notice) => emit('notice', notice));
  clock.on('master', () => run.scoreChanged());
  clock.on('stepped', reenter);
  documents.on('session', () => {
    peerRun.reset();
    reenter();
  });
  documents.on('room', readRoom);
  documents.on('sync', () => emit('peers', undefined));
  documents.on('adopted', () => run.restate(self));
  documents.kept.onChange(() => emit('kept', undefined));
  documents.on('notice', (notice) => emit('notice', notice));
  documents.on('score', ({ isStructural }) => {
    if (isStructural) run.scoreChanged();
    devices.declare(desk.read().devices.values());
    peerPits.refresh();
    calls.refresh();
    emit('score', undefined);
  });
  presence.onChange(() => emit('presence', undefined));
  peerPits.onChange((pit) => emit('pits', pit));
  documents.attach(mesh, hear);

  const endTurns = host.timer.every(TICK_MS, () => {
    contain('the pits', () => peerPits.turn());
    contain('the devices', () => devices.turn(now()));
    peerRun.turn();
  });

  const door = createCompanionDoor({
    ...{ host, self, port: companion, present, mayControl, mayAct: rights.mayAct, verify: (by, text, proof) => verify(by, proof, text) },
    ...{ tag: options.keys.tag, sign: (text) => sign(options.identity, text), notify: (notice) => emit('notice', notice) },
    document: () => documents.room,
    isMaster: () => rights.leader() === self,
    rights: () => rights.desk.companion(),
    letControl: () => void rights.desk.change({ companion: { view: true, edit: false, control: true } }),
    peer: () => peer,
  });

  const room = createRoomView({
    ...{ mesh, code: options.code, profile: () => profile, documents, refusals: rights.refusals },
    changed: () => emit('peers', undefined),
  });

  const setProfile = (next: Profile): void => {
    profile = tidyProfile(next);
    mesh.setProfile(profile);
    introduce();
    emit('peers', undefined);
  };

  const peer: PerformingPeer = {
    self: {
      id: self,
      get name() {
        return profile.name;
      },
      get hue() {
        return profile.hue;
      },
      rename: (name) => setProfile({ ...profile, name }),
      recolour: (hue) => setProfile({ ...profile, hue }),
    },
    room,
    clock: {
      now,
      spread: () => clock.spread(),
      bound: () => clock.bound(),
      isMaster: () => clock.isMaster(),
      master: () => clock.master(),
      ...createPeerUtc(host, mesh),
    },
    score: Object.assign(Object.create(desk) as typeof desk, score, {
      unconfirmed: () => documents.unconfirmed(),
      unplayed: () => unplayed(desk.sharedScore(), desk.read()),
      arrival: () => documents.arrival(),
      kept: documents.kept,
    }),
    rights: rights.view,
    run: peerRun.view,
    groups: rights.guardGroups(groups.view),
    pits: peerPits.view,
    calls,
    devices: createDevicesView(devices, now, () => {
      if (rights.mayAct()) mesh.broadcast('event', TOPIC.panic, new Uint8Array());
    }),
    presence: { set: (next) => presence.set(next), others: () => presence.others() },
    companion: door,
    media,
    on,
    toLocal: (at) => clock.toLocal(at),
    fromLocal: (at) => clock.fromLocal(at),
    setVisible(next) {
      mesh.setVisible(next);
      peerRun.setVisible(next);
    },
    notify: (notice) => emit('notice', notice),
    onSession: (f) => documents.on('session', f),
    iceServers: () => mesh.iceServers(),
    close() {
      if (isClosed) return;
      isClosed = true;
      endTurns();
      groups.close();
      door.end();
      peerRun.close();
      peerPits.close();
      calls.close();
      presence.close();
      media.close();
      documents.close();
      rights.desk.close();
      mesh.close();
      for (const device of devices.list()) device.close();
    },
  };
  return peer;
}
