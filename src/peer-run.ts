import type { MeshTime, PeerId } from './base.ts';
import type { Documents } from './crdt/documents.ts';
import type { ObjectId } from './crdt/score.ts';
import type { Device } from './engine/device.ts';
import type { DeviceRegistry } from './engine/devices.ts';
import { createProcessDevice } from './engine/devices/process.ts';
import { isOwn } from './engine/fact.ts';
import { createPerformer } from './engine/performer.ts';
import { createRunDesk, type RunDesk } from './groups/run.ts';
import { signedText } from './groups/statement.ts';
import { createVouchers } from './groups/vouchers.ts';
import type { Host } from './mesh/host.ts';
import { peerIdOf, sign, verify, type Identity } from './mesh/identity.ts';
import type { Mesh } from './mesh/mesh.ts';
import { TOPIC } from './mesh/wire.ts';
import type { Run } from './peer-api.ts';
import type { PeerGroups } from './peer-groups.ts';
import type { PeerRights } from './peer-rights.ts';
import { runView, sightOf, wordsOf } from './run-view.ts';

/** All that belongs to the run in a peer: what is stated of it, and what this peer performs of it. */
export interface PeerRun {
  readonly desk: RunDesk;
  readonly view: Run;
  /** What processes let be set by hand and show, as addresses. */
  readonly parameters: Device;
  turn(): void;
  /** Mesh time stepped, or is another session's: what was scheduled is void, and this peer enters like one who comes late. */
  reenter(): void;
  /** The room document changed. */
  read(): void;
  /** Others may control than before. isNew: by a rule that is itself news here. */
  rightsChanged(isNew: boolean): void;
  /** Another session. */
  reset(): void;
  setVisible(isVisible: boolean): void;
  close(): void;
}

export interface PeerRunDeps {
  readonly host: Host;
  readonly identity: Identity;
  readonly instance: number;
  readonly tag: string;
  readonly mesh: Mesh;
  readonly devices: DeviceRegistry;
  readonly documents: Documents;
  readonly rights: PeerRights;
  readonly groups: Pick<PeerGroups, 'memberships' | 'isMine'>;
  /** Peers with a whole link. */
  linked(): readonly PeerId[];
  present(): readonly PeerId[];
  contain(what: string, f: () => void): void;
  /** What runs, waits or has fired is another. */
  changed(): void;
  pits(running: readonly ObjectId[]): void;
  reentered(): void;
  /** To the person. */
  warn(message: string): void;
}

export function createPeerRun(deps: PeerRunDeps): PeerRun {
  const { host, identity, mesh, devices, documents, rights, groups, present, contain } = deps;
  const { clock } = mesh;
  const { desk: score } = documents;
  const { mayControl } = rights;
  const self = peerIdOf(identity, deps.instance);
  const now = (): MeshTime => clock.now();
  const spoken = (id: string): string => signedText(deps.tag, clock.session()?.id ?? '', id);
  const vouched = (text: string): string => ['tutti voucher', deps.tag, clock.session()?.id ?? '', text].join('\n');
  let isVisible = true;

  const vouchers = createVouchers({
    ...{ host, self, mayControl },
    present: () => present().filter(mayControl),
    entries: () => documents.room.vouchers(),
    write: (key, entry) => documents.room.setVoucher(key, entry),
    sign: (text) => sign(identity, vouched(text)),
    verify: (by, text, proof) => verify(by, proof, vouched(text)),
  });
  const run = createRunDesk({
    host,
    self,
    now,
    latency: () => mesh.latency(),
    spread: () => (clock.isReady() ? clock.spread() : 0),
    isMaster: () => rights.leader() === self,
    isReady: () => clock.isReady(),
    score: () => score.sharedScore(),
    memberships: () => groups.memberships(),
    ...{ linked: deps.linked, present: () => present().filter(mayControl) },
    read: (address) => devices.read(address),
    matching: (pattern) => devices.matching(pattern),
    unitOf: (address) => devices.unitOf(address),
    broadcastFact: (channel, payload) => mesh.broadcast(channel, TOPIC.fact, payload),
    broadcastVote: (payload) => mesh.broadcast('event', TOPIC.vote, payload),
    sendStructure: (to, payload) => mesh.send(to, 'state', TOPIC.structure, payload),
    prove: (id) => sign(identity, spoken(id)),
    isProven: (by, id, proof) => verify(by, proof, spoken(id)),
    isOfSession: (id) => clock.isReady() && mesh.graph().node(id)?.record?.session === clock.session()?.id,
    record: (id, entry, isSound) => documents.room.addFact(id, entry, isSound),
    forget: (isToGo) => documents.room.removeFacts(isToGo),
    mayState: () => mayControl(self),
    warn: deps.warn,
    holds: (fact) =>
      fact.by === '' ||
      (isOwn(fact) && fact.by === self) ||
      (rights.desk.holds(fact.by, fact.at) && (mayControl(fact.by) || vouchers.knows(fact))),
    contain,
    changed: deps.changed,
    reentered: () => reenter(),
  });
  const parameters = createProcessDevice(() => score.read());
  const enterRun = (since?: MeshTime) =>
    createPerformer({
      ...(since !== undefined && { since }),
      engine: run.engine,
      score: () => score.read(),
      devices,
      isMine: groups.isMine,
      controls: (process) => parameters.controls(process),
      show: (process, value, at) => parameters.show(process, value, at),
      onPits: deps.pits,
    });
  let performer = enterRun();
  const reenter = (): void => {
    const since = now();
    performer.close(since);
    performer = enterRun(since);
    performer.setVisible(isVisible);
    deps.reentered();
  };

  /** What was refused may hold now, and what was taken may not [RI5]. */
  const reconsider = (): void => {
    run.reconsider();
    documents.room.refreshFacts();
    run.read(documents.room.freshFacts());
  };

  let lastSight = '';
  const look = (): void => {
    const moment = run.moment();
    const sight = `${sightOf(moment)} ${wordsOf({ coming: run.coming(), awaited: run.awaited(), tallies: run.tallies() })}`;
    if (sight === lastSight) return;
    lastSight = sight;
    if (moment.state === 'idle') parameters.release();
    deps.changed();
  };

  return {
    desk: run,
    view: rights.guardRun(
      {
        play: (wish) => run.play(wish),
        stop: () => run.stop(),
        pause: () => run.pause(),
        resume: () => run.resume(),
        seek: (to) => run.seek(to),
        loop: (from, to) => run.loop(from, to),
        speed: (interval, factor) => run.speed(interval, factor),
        begin: (interval) => run.begin(interval),
        end: (interval) => run.end(interval),
        position: () => run.position(),
        view: () =>
          runView(run.moment(), score.sharedScore(), groups.memberships(), {
            ...{ self, present: present(), facts: run.log(), mayControl: mayControl(self) },
            ...{ coming: run.coming(), awaited: run.awaited(), tallies: run.tallies() },
          }),
        log: () => run.log(),
        trigger: (sync) => run.trigger(sync),
      },
      (object) => run.isOwn(object),
    ),
    parameters: parameters.device,
    turn() {
      contain('the run', () => run.turn());
      if (vouchers.turn()) reconsider();
      contain('the performance', () => performer.perform(now()));
      look();
    },
    reenter,
    read() {
      if (vouchers.read()) reconsider();
      else run.read(documents.room.freshFacts());
    },
    rightsChanged(isNew) {
      vouchers.rightsChanged(run.engine.log.all(), isNew);
      reconsider();
    },
    reset() {
      vouchers.reset();
      run.reset();
    },
    setVisible(next) {
      isVisible = next;
      performer.setVisible(next);
    },
    close() {
      performer.close(now());
      run.close();
    },
  };
}
