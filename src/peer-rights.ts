import { compare, type Issue, type PeerId } from './base.ts';
import type { ObjectId } from './crdt/score.ts';
import type { Desk } from './crdt/desk.ts';
import { createRights, type RightsDeps, type RightsDesk } from './groups/rights.ts';
import { createBuckets } from './mesh/bucket.ts';
import { EVERYTHING, keyOf, type Rights } from './mesh/rights.ts';
import { TOPIC } from './mesh/wire.ts';
import type { Groups, Notice, RoomRights, Run } from './peer-api.ts';

/** Rights where they matter to a peer: what is heard from whom, who leads, what this one may do itself. */
export interface PeerRights {
  readonly desk: RightsDesk;
  readonly view: RoomRights;
  /** Whether a message of this topic is taken from there, directly or over others. */
  admits(from: PeerId, topic: number): boolean;
  /** Counts what was not taken; 'refused' when it goes on and on. */
  notEntitled(from: PeerId): void | 'refused';
  /** It counted pits differently for different people. */
  lied(peer: PeerId): void;
  /** How often that was. */
  refusals(peer: PeerId): number;
  mayControl(peer: PeerId): boolean;
  /** Who states what one peer states for all: the clock master, or where it may not control the first who may [RI7]. */
  leader(isOut?: (peer: PeerId) => boolean): PeerId | undefined;
  /** The desk as this person may use it: who may not edit still can in a fork of its own. */
  guardDesk(desk: Desk): Pick<Desk, 'edit' | 'undo' | 'redo' | 'open' | 'import' | 'publish' | 'setSending'>;
  /** isOwn: it lies in a free scenario; there everybody may do as it likes, for itself [GR42]. */
  guardRun(run: Run, isOwn: (object: ObjectId) => boolean): Run;
  guardGroups(groups: Groups): Groups;
  /** False, and said, when this person may not control. */
  mayAct(): boolean;
}

export interface PeerRightsDeps extends Omit<RightsDeps, 'disputed'> {
  /** Somebody holds to another owner than is known here. */
  disputed(): void;
  master(): PeerId | undefined;
  present(): readonly PeerId[];
  nameOf(peer: PeerId): string;
  notify(notice: Notice): void;
}

/** What only who controls may say. */
const OF_CONTROL: ReadonlySet<number> = new Set([TOPIC.fact, TOPIC.vote, TOPIC.pit, TOPIC.epoch, TOPIC.midi, TOPIC.panic]);
/** What is needed to find out what somebody may. */
const OF_ALL: ReadonlySet<number> = new Set([TOPIC.rights, TOPIC.lineage]);
/** What was under way when rights were taken is no offence; whoever goes on is cut off in the end. */
const LENIENCE = { perSecond: 20, burst: 400 };
const PEERS_MAX = 512;
const NOT_EDIT: Issue = { message: 'You may not edit in this room: its owner gives rights, in the network panel. Nothing was changed.' };
const NOT_WRITE: Issue = {
  message:
    'You may only look and listen in this room: who is in which group is said by those who may edit or control. Nothing was changed.',
};
const NOT_CONTROL: Issue = { message: 'You may not control in this room: its owner gives rights, in the network panel.' };

/** To somebody, of what they may do [RI40]. */
export function rightsText({ view, edit, control }: Rights): string {
  if (!view) return 'You may not see the score: so the owner of the room wants it. What you have of it does not follow any more.';
  if (edit && control) return 'You may edit and control now.';
  return `You may ${edit ? 'edit, not control' : control ? 'control, not edit' : 'look and listen'}: so the owner of the room wants it.`;
}

export function createPeerRights(deps: PeerRightsDeps): PeerRights {
  const { clock } = deps.host;
  const desk = createRights({
    ...deps,
    disputed(owner, of) {
      const [theirs, ours] = [deps.nameOf(owner as PeerId), deps.nameOf((desk.owner() ?? '') as PeerId)];
      deps.notify({
        level: 'warning',
        message: `${deps.nameOf(of)} takes ${theirs} for the owner of this room; here it is ${ours}, and stays so. The room was given away twice. If it is ${theirs} whom you trust, follow them in the network panel.`,
      });
      deps.disputed();
    },
    changed(news) {
      const owner = desk.owner();
      if (news.before !== undefined && owner !== undefined)
        deps.notify({
          level: 'warning',
          message: `This room is owned by ${deps.nameOf(owner as PeerId)} now; before it was ${deps.nameOf(news.before as PeerId)}.`,
        });
      tell();
      deps.changed(news);
    },
  });
  const counts = new Map<PeerId, number>();
  const lenience = createBuckets<PeerId>(LENIENCE, PEERS_MAX);
  let told = rightsText(EVERYTHING);

  /** To the person, when it is about what it may do itself. */
  function tell(): void {
    const now = rightsText(desk.of(deps.self));
    if (now === told) return;
    told = now;
    deps.notify({ level: 'hint', message: now, about: 'rights' });
  }

  const mayEdit = (): boolean => desk.may(deps.self, 'edit');
  const mayControl = (peer: PeerId): boolean => desk.may(peer, 'control');
  const refuse = (issue: Issue): Issue => {
    deps.notify({ level: 'hint', ...issue });
    return issue;
  };
  const mayAct = (): boolean => mayControl(deps.self) || (refuse(NOT_CONTROL), false);

  return {
    desk,
    mayControl,
    mayAct,
    view: {
      get owner() {
        return desk.owner() as PeerId | undefined;
      },
      get isOwner() {
        return desk.isOwner();
      },
      get newcomers() {
        return desk.newcomers();
      },
      get companion() {
        return desk.companion();
      },
      get fingerprint() {
        return desk.fingerprint();
      },
      of: (peer) => desk.of(peer),
      set: (peer, rights) => desk.change({ peers: new Map([[keyOf(peer), rights]]) }),
      setNewcomers: (newcomers) => desk.change({ newcomers }),
      setCompanion: (companion) => desk.change({ companion }),
      handOver: (next) => desk.change({ next }),
      rivals: () => desk.rivals().map(({ owner, of }) => ({ owner: owner as PeerId, of })),
      follow: (owner) => desk.follow(owner),
    },
    admits: (from, topic) => OF_ALL.has(topic) || (OF_CONTROL.has(topic) ? mayControl(from) : desk.of(from).view),
    notEntitled(from) {
      const oldest = counts.keys().next();
      if (counts.size >= PEERS_MAX && !counts.has(from) && !oldest.done) counts.delete(oldest.value);
      counts.set(from, (counts.get(from) ?? 0) + 1);
      return lenience.take(from, clock.now()) ? undefined : 'refused';
    },
    lied(peer) {
      counts.set(peer, (counts.get(peer) ?? 0) + 1);
      deps.notify({
        level: 'warning',
        message: `${deps.nameOf(peer)} told different people different values of pits: what is counted there is not taken any more, another counts.`,
      });
    },
    refusals: (peer) => counts.get(peer) ?? 0,
    leader(isOut = () => false) {
      const master = deps.master();
      if (master === undefined || (mayControl(master) && !isOut(master))) return master;
      return deps
        .present()
        .filter((peer) => mayControl(peer) && !isOut(peer))
        .sort(compare)[0];
    },
    guardDesk(score) {
      const isShut = (): boolean => score.sending !== 'none' && !mayEdit();
      return {
        edit: (command) => (isShut() ? { issue: refuse(NOT_EDIT) } : score.edit(command)),
        undo: () => (isShut() ? (refuse(NOT_EDIT), false) : score.undo()),
        redo: () => (isShut() ? (refuse(NOT_EDIT), false) : score.redo()),
        open: (text) => (isShut() ? refuse(NOT_EDIT) : score.open(text)),
        import: (text, options) => (isShut() ? { issue: refuse(NOT_EDIT) } : score.import(text, options)),
        publish: (ids) => (mayEdit() ? score.publish(ids) : void refuse(NOT_EDIT)),
        setSending(mode) {
          if (mode !== 'none' && !mayEdit() && score.unsent().length > 0) return void refuse(NOT_EDIT);
          score.setSending(mode);
        },
      };
    },
    guardRun: (run, isOwn) => ({
      ...run,
      play: (wish) => mayAct() && run.play(wish),
      stop: () => mayAct() && run.stop(),
      pause: () => mayAct() && run.pause(),
      resume: () => mayAct() && run.resume(),
      seek: (to) => mayAct() && run.seek(to),
      loop: (from, to) => mayAct() && run.loop(from, to),
      speed: (interval, factor) => (isOwn(interval) || mayAct()) && run.speed(interval, factor),
      begin: (interval) => (isOwn(interval) || mayAct()) && run.begin(interval),
      end: (interval) => (isOwn(interval) || mayAct()) && run.end(interval),
      trigger: (sync) => (isOwn(sync) || mayControl(deps.self) ? run.trigger(sync) : NOT_CONTROL),
    }),
    guardGroups(groups) {
      const mayWrite = (): boolean => desk.mayWrite(deps.self, 1) || (refuse(NOT_WRITE), false);
      return Object.assign(Object.create(groups) as Groups, {
        setMember: (...wish) => mayWrite() && groups.setMember(...wish),
        takeOver: (of) => (mayWrite() ? groups.takeOver(of) : []),
        stepBack: (group) => mayWrite() && groups.stepBack(group),
        setRule: (rule) => mayWrite() && groups.setRule(rule),
        setNewcomer: (...wish) => mayWrite() && groups.setNewcomer(...wish),
      } satisfies Partial<Groups>);
    },
  };
}
