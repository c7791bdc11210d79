import type { Issue, Unsubscribe } from './base.ts';
import type { Command, EditResult } from './crdt/command.ts';
import type { ScoreFile } from './crdt/file.ts';
import type { Sending } from './crdt/desk.ts';
import type { OwnObject } from './crdt/fork.ts';
import type { Report } from './crdt/ossia/report.ts';
import type { StandIn, TakeOver } from './crdt/room.ts';
import type { Value } from './crdt/value.ts';
import type { Fact } from './engine/fact.ts';
import type { Unheld } from './groups/unheld.ts';
import type { Awaited, CallView, Cleaning, LinkHealth, LiveInput, LiveKind, PeerEvents, Rights, Tally, UtcTime } from './peer-api.ts';

/** `window.tutti`: what people script a performance with. The interface uses the same functions below it. */
export interface Console {
  readonly version: number;
  readonly peer: { readonly id: string; readonly name: string };
  readonly room: {
    readonly code: string;
    readonly state: string;
    readonly peers: readonly ConsolePeer[];
    readonly preference: number;
    setPreference(preference: number): void;
  };
  readonly clock: {
    now(): number;
    readonly spread: number;
    readonly bound: number;
    readonly isMaster: boolean;
    readonly master: string | undefined;
    /** The time of day as the server states it, ms since 1970 within ± `bound` ms; whether it was checked against NTP. */
    utc(): UtcTime | undefined;
    /** Mesh date of a time of day, for `run.play({ at })`. */
    atUtc(ms: number): number | undefined;
    utcOf(at: number): number | undefined;
  };
  readonly score: {
    read(): ScoreFile;
    edit(command: Command): EditResult;
    undo(): boolean;
    redo(): boolean;
    save(): string;
    /** As a `.score` of ossia, and what ossia will not have of it. */
    export(): { readonly text: string; readonly report: Report };
    open(text: string): Issue | undefined;
    unconfirmed(): number;
    readonly sending: Sending;
    setSending(mode: Sending): Issue | undefined;
    /** What this peer changed alone: made, changed, gone, or orphaned where the others deleted it. */
    own(): readonly OwnObject[];
    publish(ids?: readonly string[]): void;
    drop(ids?: readonly string[]): void;
  };
  readonly run: {
    play(options?: { readonly at?: number; readonly from?: number }): void;
    stop(): void;
    pause(): void;
    resume(): void;
    seek(ms: number): void;
    /** Between two dates in ms, again and again; `loop(0, null)` ends it. */
    loop(from: number, to: number | null): void;
    speed(interval: string, factor: number): void;
    begin(interval: string): void;
    end(interval: string): void;
    position(): number | undefined;
    log(): readonly Fact[];
    /** What was said of the run and has not come yet. */
    coming(): readonly Fact[];
    /** How the votes stand of waiting triggers that several decide. */
    votes(): readonly Tally[];
    /** Who is waited for between an end and what follows it. */
    awaited(): readonly Awaited[];
    trigger(sync: string): Issue | undefined;
    readonly state: string;
    waiting(): readonly string[];
    running(): readonly string[];
  };
  readonly groups: {
    of(peer?: string): readonly string[];
    members(group: string): readonly string[];
    setMember(peer: string, group: string, isMember: boolean): void;
    /** Who is in a group only as long as someone is away. */
    standIns(): readonly StandIn[];
    takeOver(peer: string): readonly string[];
    stepBack(group: string): void;
    readonly rule: TakeOver;
    setRule(rule: TakeOver): Issue | undefined;
    newcomers(): readonly string[];
    setNewcomer(group: string, isIn: boolean): void;
    /** What runs, or is next, and is in the group of nobody who is here. */
    unheld(): readonly Unheld[];
  };
  /** Who may what, as the owner of the room says. */
  readonly rights: {
    readonly owner: string | undefined;
    readonly isOwner: boolean;
    readonly newcomers: Rights;
    readonly companion: Rights;
    of(peer?: string): Rights;
    set(peer: string, rights: Rights): Issue | undefined;
    setNewcomers(rights: Rights): Issue | undefined;
    setCompanion(rights: Rights): Issue | undefined;
    handOver(peer: string): Issue | undefined;
    /** Who was given the room as well, by one who owned it before, and who holds to that. */
    rivals(): readonly { readonly owner: string; readonly of: readonly string[] }[];
    follow(owner: string): Issue | undefined;
  };
  readonly devices: {
    send(address: string, value: Value): Issue | undefined;
    read(address: string): Value | undefined;
    addresses(): readonly string[];
    note(address: string, pitch: number, velocity: number): void;
  };
  readonly pits: {
    put(pit: string, value: Value): Issue | undefined;
    withdraw(pit: string): void;
    /** A note into a MIDI pit, by its id: pitch 0 to 127, velocity 0 to 1, 0 ends it. */
    note(pit: string, pitch: number, velocity: number): Issue | undefined;
    /** Of a MIDI pit, by its id: who played lately, what is held, on which channel it played and is heard; age in ms. */
    playing(pit: string): readonly {
      readonly peer: string;
      readonly pitches: readonly number[];
      readonly channel: number;
      readonly heardOn: number;
      readonly age: number;
    }[];
    read(pit: string): Value | undefined;
    /** Who hears or sees whom, by audio and video pits that are on, of everybody in the room. */
    calls(): readonly CallView[];
    contributions(pit: string): readonly { readonly peer: string; readonly value: Value; readonly age: number }[];
    /** Of an aligned pit: number and date (mesh ms) of the count that holds, whose contributions are in it, and whether nothing newer came for a while. */
    epoch(
      pit: string,
    ):
      | { readonly k: number; readonly at: number; readonly by: string; readonly contributors: readonly string[]; readonly isHeld: boolean }
      | undefined;
  };
  /** Live sound and pictures between peers. */
  readonly calls: {
    /** `absent`, `idle`, `connecting`, `open` or `away`. */
    readonly state: string;
    /** Here only: who is not heard on this page. */
    mute(peer: string, isMuted: boolean): void;
    /** Here only: factor, 0 to 4. */
    setGain(peer: string, gain: number): Issue | undefined;
    /** kind: `audio` or `video`; device: an id of `inputs`, '' for the browser's choice, null for none. */
    setInput(kind: LiveKind, device: string | null, done?: (issue: Issue | undefined) => void): Issue | undefined;
    /** How a microphone is cleaned: `echo`, `noise`, `level`; all off at first. */
    cleaning(): Cleaning;
    clean(change: Partial<Cleaning>, done?: (issue: Issue | undefined) => void): Issue | undefined;
    inputs(kind: LiveKind, done: (inputs: readonly LiveInput[]) => void): void;
    /** Peak of the own sound input, 0 to 1. */
    level(): number;
  };
  /** The door for stock y-webrtc clients, docs/companion.md. */
  readonly companion: {
    readonly isOpen: boolean;
    /** Whose page it leads to. */
    readonly host: string | undefined;
    credentials(): { readonly room: string; readonly password: string };
    open(options?: { readonly mayControl?: boolean }): void;
    close(): void;
  };
  /** Files by their hash, of whoever has them; kept until the page closes. */
  readonly media: {
    /** done: with its id, once it is kept. */
    add(bytes: Uint8Array, done: (id: string | undefined) => void): void;
    fetch(id: string, done: (bytes: Uint8Array | undefined) => void, progress?: (part: number) => void): void;
  };
  on<K extends keyof PeerEvents>(type: K, f: (event: PeerEvents[K]) => void): Unsubscribe;
}

export interface ConsolePeer {
  readonly id: string;
  readonly name: string;
  readonly isSelf: boolean;
  readonly isMaster: boolean;
  readonly isFrozen: boolean;
  /** Its wish to be clock master. */
  readonly preference: number;
  /** `self`, `connecting`, `whole`, `relayed` or `silent`. */
  readonly link: string;
  /** Id of who passes on to it; only of who is relayed. */
  readonly via: string | undefined;
  readonly hops: number | undefined;
  /** `same`, `comparing`, `differs` or `healing`. */
  readonly document: string;
  readonly refused: number;
  /** What the link tells; undefined for oneself and without one. */
  readonly health: LinkHealth | undefined;
  /** Round trip in ms; undefined before the first. */
  readonly rtt: number | undefined;
  readonly groups: readonly string[];
}
