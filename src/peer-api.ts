import type { Flicks, Issue, MeshTime, PeerId, Unsubscribe } from './base.ts';
import type { Desk } from './crdt/desk.ts';
import type { Kept } from './crdt/kept.ts';
import type { MediaExchange } from './crdt/media/exchange.ts';
import type { Presence, PresenceExchange } from './crdt/presence.ts';
import type { StandIn, TakeOver } from './crdt/room.ts';
import type { GroupId, ObjectId } from './crdt/score.ts';
import type { Arrival, DocumentState } from './crdt/sync.ts';
import type { Address, Value } from './crdt/value.ts';
import type { Device, Parameter } from './engine/device.ts';
import type { Fact, OccurrencePath, RunId } from './engine/fact.ts';
import type { Awaited } from './groups/crossings.ts';
import type { Tally } from './groups/triggers.ts';
import type { Unheld } from './groups/unheld.ts';
import type { RunDesk } from './groups/run.ts';
import type { LinkHealth } from './mesh/members.ts';
import type { Rights } from './mesh/rights.ts';
import type { MidiPlayer } from './pit/midi.ts';
import type { Calls } from './pit/calls-api.ts';
import type { UtcTime } from './mesh/utc.ts';
import type { PitEpoch } from './pit/pits.ts';

/** One performer, as the interface, the scripting console and the simulator see it. */
export interface Peer {
  readonly self: Person;
  readonly room: Room;
  readonly clock: PeerClock;
  readonly score: ScoreDesk;
  readonly run: Run;
  readonly groups: Groups;
  readonly rights: RoomRights;
  readonly pits: Pits;
  readonly calls: Calls;
  readonly devices: Devices;
  readonly presence: PresenceDesk;
  readonly companion: CompanionDoor;
  readonly media: Media;
  on<K extends keyof PeerEvents>(type: K, f: (event: PeerEvents[K]) => void): Unsubscribe;
  /** Says goodbye and frees everything. */
  close(): void;
}

export interface PeerEvents {
  /** Someone came, went, changed name, colour, link quality. */
  peers: undefined;
  /** Connection to the signalling server came or went. */
  room: undefined;
  /** Another clock master, or figures changed. At most 4 Hz. */
  clock: undefined;
  /** The score that this peer sees changed. Coalesced: once per turn. */
  score: undefined;
  /** A run began, ended, an interval started or ended, a trigger waits or fired. */
  run: undefined;
  /** Somebody may more or less than before, or owns the room now. */
  rights: undefined;
  /** Memberships changed. */
  groups: undefined;
  /** Contributions or outcome of a pit changed. */
  pits: ObjectId;
  /** Somebody hears or sees somebody, or no longer; at most 10 Hz. Levels change without. */
  calls: undefined;
  /** A value passed: from a device or from the score. */
  value: { readonly address: Address; readonly value: Value };
  presence: undefined;
  /** A score gave way and was kept, or a kept copy was deleted. */
  kept: undefined;
  /** Something for the person to know: a plain sentence, what is safe, what to do. */
  notice: Notice;
}

export interface Notice extends Issue {
  readonly level: 'hint' | 'warning' | 'error';
  /** What it is about: what is told later of the same takes its place. */
  readonly about?: string;
}

export interface Person {
  readonly id: PeerId;
  readonly name: string;
  /** 0 to 11: one of the twelve hues. */
  readonly hue: number;
  rename(name: string): void;
  recolour(hue: number): void;
}

export interface Room {
  /** Five words joined by hyphens. */
  readonly code: string;
  /** `connecting`: first contact not made yet; `open`: the server answers; `offline`: it does not, the links go on. */
  readonly state: 'connecting' | 'open' | 'offline';
  /** Everyone present, self first, then by id. */
  peers(): readonly PeerView[];
  /** 0 to 255: how much this peer wishes to be clock master; 0 unless a person said so. */
  readonly preference: number;
  /** Among ready peers the highest preference is master; known to all within seconds. Rounded into range. */
  setPreference(preference: number): void;
}

export interface PeerView {
  readonly id: PeerId;
  readonly name: string;
  readonly hue: number;
  readonly isSelf: boolean;
  /** `whole`: a probe came back on every channel; `relayed`: others pass on what is said. */
  readonly link: 'self' | 'connecting' | 'whole' | 'silent' | 'relayed';
  /** The neighbour that passes on to it; only of who is relayed. */
  readonly via: PeerId | undefined;
  /** Links on the way to it: 0 for self, 1 for who is linked; undefined while there is no way. */
  readonly hops: number | undefined;
  /** ms since it came; 0 for self. */
  readonly age: number;
  /** The page hangs or sleeps: not counted, not eligible. */
  readonly isFrozen: boolean;
  readonly isMaster: boolean;
  /** Its wish to be clock master, 0 to 255. */
  readonly preference: number;
  /** ms, least of the last minute; undefined before the first. */
  readonly roundTrip: number | undefined;
  /** ms, uncertainty of this pair's clock estimate. */
  readonly spread: number | undefined;
  /** Messages refused from this peer since it came, for their form or for want of rights. */
  readonly refused: number;
  /** The documents there against ours, by hash at equal state. */
  readonly document: DocumentState;
  /** 0 to 1 while a large part of a document comes from it or goes to it. */
  readonly progress: number | undefined;
  /** What the link itself tells; undefined for self and before a link. */
  readonly health: LinkHealth | undefined;
}

export interface PeerClock {
  /** Mesh time in ms. */
  now(): MeshTime;
  /** ms, p95 assuming symmetric paths: what the badge shows. 0 for the master. */
  spread(): number;
  /** ms, holds always. */
  bound(): number;
  isMaster(): boolean;
  master(): PeerId | undefined;
  /** The time of day as the server states it; undefined before it did. */
  utc(): UtcTime | undefined;
  /** Mesh date of a time of day, in ms since 1970; undefined before the server stated it. */
  atUtc(ms: number): MeshTime | undefined;
  /** ms since 1970 of a mesh date. */
  utcOf(at: MeshTime): number | undefined;
}

/** One's own place at the score; what belongs to documents stays below. */
export interface ScoreDesk extends Pick<
  Desk,
  | 'read'
  | 'edit'
  | 'undo'
  | 'redo'
  | 'canUndo'
  | 'isLocked'
  | 'canRedo'
  | 'sending'
  | 'setSending'
  | 'own'
  | 'unsent'
  | 'publish'
  | 'drop'
  | 'save'
  | 'open'
  | 'import'
  | 'export'
> {
  /** Of what one changed alone, the objects whose dates, or whose sharing of time, no run obeys before it is published [EX53]. */
  unplayed(): readonly ObjectId[];
  /** Edits of this peer that no other device confirmed yet. */
  unconfirmed(): number;
  /** A large part of a document on its way here; `peers` tells when it changes. */
  arrival(): Arrival | undefined;
  /** Copies that gave way to the room's score; they are on this device only. */
  readonly kept: Pick<Kept, 'list' | 'open' | 'forget'>;
}

export interface Run extends Pick<
  RunDesk,
  'play' | 'stop' | 'pause' | 'resume' | 'seek' | 'loop' | 'speed' | 'begin' | 'end' | 'position' | 'log' | 'trigger'
> {
  view(): RunView;
}

export interface RunView {
  readonly state: 'idle' | 'starting' | 'playing' | 'paused';
  readonly run: RunId | undefined;
  /** Mesh date at which it starts or started. */
  readonly startsAt: MeshTime | undefined;
  readonly running: readonly RunningInterval[];
  readonly waiting: readonly WaitingSync[];
  /** Roots that were triggered and can be again: that starts anew what they lead to, or ends it. */
  readonly again: readonly WaitingSync[];
  /** What a grid holds back: a sync that fires, an interval that begins or ends by hand; Infinity while the line comes no nearer. */
  readonly booked: readonly { readonly object: ObjectId; readonly path: OccurrencePath; readonly at: MeshTime }[];
  /** Intervals that will not start this time. */
  readonly dead: readonly ObjectId[];
  /** What was said of the run and has not come yet, earliest first: by whom, and for which date. */
  readonly coming: readonly Fact[];
  /** Ordered syncs that wait until what stood before has ended everywhere: for whom, and how long at most. */
  readonly awaited: readonly Awaited[];
  /** Latest first, at most 20. */
  readonly fired: readonly { readonly sync: ObjectId; readonly path: OccurrencePath; readonly at: MeshTime; readonly by: PeerId | '' }[];
}

export interface RunningInterval {
  readonly interval: ObjectId;
  readonly path: OccurrencePath;
  /** Where its own playhead is now. */
  readonly position: Flicks;
  /** Own time per run time; 0: it stands, below 0: it goes back. */
  readonly rate: number;
  /** Its own factor, as written or changed by hand. */
  readonly speed: number;
  /** It stands at its most until its end sync fires. */
  readonly isAtMax: boolean;
  /** Some present peer runs its processes. */
  readonly isHeld: boolean;
  /** This peer is one of them. */
  readonly isMine: boolean;
}

export interface WaitingSync {
  readonly sync: ObjectId;
  readonly path: OccurrencePath;
  /** How its votes stand, where several decide. */
  readonly tally?: Tally | undefined;
  /** This peer's click would be accepted. */
  readonly isMine: boolean;
}

export interface Groups {
  /** Groups that a peer is in, 'all' included. */
  of(peer: PeerId): readonly GroupId[];
  /** Present peers in a group. */
  members(group: GroupId): readonly PeerId[];
  setMember(peer: PeerId, group: GroupId, isMember: boolean): void;
  /** Effective group of an object: its own or the nearest ancestor's. */
  groupOf(object: ObjectId): GroupId;
  /** This peer runs it. */
  isMine(object: ObjectId): boolean;
  /** Known persistent identities that are away, with their groups. */
  absent(): readonly { readonly id: PeerId; readonly name: string; readonly hue: number }[];
  /** Who is in a group only as long as someone is away; they count as members. */
  standIns(): readonly StandIn[];
  /** This peer stands in for someone who is away, in all of their groups that it is not in; returns which. */
  takeOver(of: PeerId): readonly GroupId[];
  /** This peer stands in no longer. */
  stepBack(group: GroupId): void;
  /** What happens by itself when nobody of a group is here any more. */
  readonly rule: TakeOver;
  setRule(rule: TakeOver): void;
  /** Groups that who comes for the first time is put into. */
  newcomers(): readonly GroupId[];
  setNewcomer(group: GroupId, isIn: boolean): void;
  /** What runs, or is next, and is in nobody's group who is here. */
  unheld(): readonly Unheld[];
}

/** Who may what, as the owner of the room says; every peer refuses what others may not. */
export interface RoomRights {
  /** Its first tab; undefined where nobody owns the room: then everybody may everything. */
  readonly owner: PeerId | undefined;
  readonly isOwner: boolean;
  /** Of everybody who has not been given others. */
  readonly newcomers: Rights;
  readonly companion: Rights;
  /** Of who made the room, for links; undefined where nobody owns it. */
  readonly fingerprint: string | undefined;
  of(peer: PeerId): Rights;
  /** By the owner only; whoever edits or controls sees, too. */
  set(peer: PeerId, rights: Rights): Issue | undefined;
  setNewcomers(rights: Rights): Issue | undefined;
  setCompanion(rights: Rights): Issue | undefined;
  /** Somebody else owns the room from now on. */
  handOver(peer: PeerId): Issue | undefined;
  /** Others who were given the room by one who owned it, and those linked who hold to that. */
  rivals(): readonly { readonly owner: PeerId; readonly of: readonly PeerId[] }[];
  /** From now on this device takes that one for the owner; only who is linked can be followed. */
  follow(owner: PeerId): Issue | undefined;
}

export interface Pits {
  /** What this peer puts in, by fader or script; a pit by process id or key. */
  put(pit: ObjectId, value: Value): void;
  /** Withdraws this peer's contribution. */
  withdraw(pit: ObjectId): void;
  /** A note into a MIDI pit that is on, by its id: pitch 0 to 127, velocity 0 to 1, 0 ends it. */
  note(pit: ObjectId, pitch: number, velocity: number): void;
  read(pit: ObjectId): Value | undefined;
  /** Ordered by peer id; age in ms. */
  contributions(pit: ObjectId): readonly { readonly peer: PeerId; readonly value: Value; readonly age: number }[];
  /** Of a MIDI pit, who played lately, in order of peer id. */
  playing(pit: ObjectId): readonly MidiPlayer[];
  /** Of an aligned pit, the count that holds now; undefined before the first one, and of other pits. */
  epoch(pit: ObjectId): PitEpoch | undefined;
}

export interface Devices {
  add(device: Device): Unsubscribe;
  list(): readonly Device[];
  send(address: Address, value: Value): void;
  read(address: Address): Value | undefined;
  addresses(): readonly Parameter[];
  /** A live note on an instrument, not delayed; velocity 0 ends it. */
  note(address: Address, pitch: number, velocity: number): void;
  panic(isForAll: boolean): void;
}

export type PresenceDesk = Pick<PresenceExchange, 'set' | 'others'>;

/** Files by what they hold, of whoever has them. Kept until the page closes. */
export type Media = Pick<MediaExchange, 'add' | 'fetch'>;

/** The door for stock y-webrtc clients; one peer hosts it while it is open. */
export interface CompanionDoor {
  readonly isOpen: boolean;
  /** undefined while it is closed, and while nobody who is here can. */
  readonly host: PeerId | undefined;
  /** Room name and password for y-webrtc, unrelated to the room's code. */
  credentials(): { readonly room: string; readonly password: string };
  readonly mayControl: boolean;
  open(options: { readonly mayControl: boolean }): void;
  close(): void;
}

export type { Calls };
export type { CallState, CallView } from './pit/calls-api.ts';
export type { Cleaning, LiveInput } from './pit/call-port.ts';
export type { LiveKind } from './pit/calls-plan.ts';
export type { Awaited, Tally, UtcTime };
export type { LinkHealth, Presence, Rights };
