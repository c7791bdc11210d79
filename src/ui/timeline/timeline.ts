import { flicks, toMs, type Flicks, type Unsubscribe } from '../../base.ts';
import { ROOT, type ObjectId, type Score } from '../../crdt/score.ts';
import type { Notice, Peer, RunView } from '../../peer-api.ts';
import type { Selection } from '../selection.ts';
import { onTheme, readTokens } from '../tokens.ts';
import { follow, INITIAL_CAMERA, limit, panBy, secondsOf, zoomAt, type Camera, type Extent } from './camera.ts';
import { isAnimated, type RunFrame } from './draw/running.ts';
import { frameOf, frontOf, namePlace, remarkPlace, SHOWN_ROOMY, SHOWN_TIGHT, shownWith } from './framing.ts';
import { IDLE, type Effect, type Gesture, type Outcome, type Scene } from './gesture.ts';
import { hit, type Hit } from './hit.ts';
import { listen } from './input.ts';
import { pressKey } from './keys.ts';
import { layOut } from './layout.ts';
import { layOutAfter } from './layout-next.ts';
import { yOfLane } from './places.ts';
import { createPresenceVoice } from './presence-voice.ts';
import { createRenameField } from './rename.ts';
import { createStage, type Stage } from './stage.ts';
import { cursorAt, move, press, release } from './tools.ts';

export interface TimelineDeps {
  readonly peer: Peer;
  readonly selection: Selection;
  onNotice(notice: Notice): void;
  /** Where *Play* begins changed. ms in the root interval */
  onStart?(ms: number): void;
}

export interface Timeline {
  readonly camera: Camera;
  /** Where *Play* begins: set by a click on the ruler while idle. ms in the root interval. */
  readonly start: number;
  readonly isFollowing: boolean;
  /** Keeps the playhead in view; a scroll by hand suspends it until it is set again. */
  setFollow(isOn: boolean): void;
  /** Another place for *Play* to begin. ms in the root interval */
  setStart(ms: number): void;
  /** All of the score. */
  zoomToFit(): void;
  /** Around the middle of the view. */
  zoomBy(factor: number): void;
  /** What lies at a place of the window: px as pointer events have them. */
  under(clientX: number, clientY: number): Hit;
  /** Opens the field for a comment: at a place of a scenario, else at the playhead. */
  addComment(spot?: Extract<Hit, { type: 'empty' }>): void;
  rename(id: ObjectId): void;
  /** Where an object is drawn: ms in the root interval; undefined for what has no place. */
  dateOf(id: ObjectId): number | undefined;
  /** What is selected; all when nothing is. */
  zoomToSelection(): void;
  close(): void;
}

/** Air after the last object, in seconds, so that there is room to write on. */
const AFTER_END = 8;

/** Shows and edits a peer's score in an element that has a size of its own. */
export function createTimeline(container: HTMLElement, { peer, selection, onNotice, onStart }: TimelineDeps): Timeline {
  let stage: Stage | undefined;
  let isClosed = false;
  let score = peer.score.read();
  let layout = layOut(score);
  let unsent: ReadonlySet<string> = new Set(peer.score.unsent());
  let camera = INITIAL_CAMERA;
  let gesture: Gesture = IDLE;
  let tokens = readTokens(container);
  let start = 0 as Flicks;
  let isFollowing = true;
  /** Scrolled by hand: the view stays there until the next run, or until following is asked for again. */
  let isSuspended = false;
  let wasIdle = true;
  /** Until a hand has been here, all of the score is kept in view, whenever it comes. */
  let isTouched = false;
  /** It was written here from nothing. */
  let isRoomy = true;
  let request = 0;
  const rename = createRenameField(container);
  const voice = createPresenceVoice(peer);

  const extent = (): Extent => ({ seconds: secondsOf(layout.end) + AFTER_END, height: layout.height });
  const invalidate = (): void => {
    if (stage && request === 0 && !isClosed) request = requestAnimationFrame(paint);
  };
  const look = (next: Camera): void => {
    camera = limit(next, extent());
    invalidate();
  };
  const scene = (): Scene => ({
    score,
    layout,
    camera,
    selected: selection.ids(),
    waiting: triggerable(peer.run.view()),
  });
  const runFrame = (): RunFrame => ({
    view: peer.run.view(),
    now: peer.clock.now(),
    beat: performance.now(),
    nameOf: (id) => peer.room.peers().find((p) => p.id === id)?.name ?? 'someone',
    valueOf: (id) => peer.devices.read(`process:/${id}/in`),
  });

  function paint(): void {
    request = 0;
    if (!stage) return;
    const run = runFrame();
    const position = peer.run.position();
    // Where the music stands in the drawing, not how long it has lasted: a trigger fired early or late parts the two.
    const playhead = position === undefined ? undefined : (frontOf(layout, run.view) ?? flicks(position));
    if (isFollowing && !isSuspended && run.view.state === 'playing' && gesture.type === 'idle' && playhead !== undefined)
      camera = limit(follow(camera, playhead), extent());
    const people = peer.room.peers();
    const others = peer.presence.others().flatMap(({ peer: id, presence, age }) => {
      const person = people.find((p) => p.id === id);
      return person ? [{ id, name: person.name, hue: person.hue, presence, age }] : [];
    });
    const { isMoving } = stage.draw({
      score,
      layout,
      camera,
      tokens,
      owners: peer.groups,
      unsent,
      selected: selection.ids(),
      gesture,
      others,
      run,
      start,
      playhead,
    });
    if (isMoving || isAnimated(run, tokens.isMotionReduced)) invalidate();
  }
  function apply({ gesture: next, effects }: Outcome): void {
    gesture = next;
    effects.forEach(perform);
    voice.say(scene(), gesture);
    invalidate();
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'edit': {
        const result = peer.score.edit(effect.command);
        if ('issue' in result) onNotice({ level: 'warning', ...result.issue });
        else if (effect.isSelecting && result.created[0] !== undefined) selection.set([result.created[0]]);
        return;
      }
      case 'select':
        return selection.set(effect.ids);
      case 'toggle':
        return selection.toggle(effect.id);
      case 'trigger': {
        const issue = peer.run.trigger(effect.sync);
        if (issue) onNotice({ level: 'hint', ...issue });
        return;
      }
      case 'locate':
        if (peer.run.view().state === 'idle') place(effect.at);
        else peer.run.seek(toMs(effect.at));
        return;
      case 'rename':
        return openRename(effect.id);
      case 'remark':
        return openRemark();
      case 'pan':
        isSuspended = true;
        return look(panBy(camera, effect.dx, effect.dy));
      case 'issue':
        return onNotice({ level: 'hint', ...effect.issue });
    }
  }

  function place(at: Flicks): void {
    start = at;
    onStart?.(toMs(at));
    invalidate();
  }

  function openRename(id: string): void {
    const place = namePlace(scene(), id);
    if (!place) return;
    const done = (name: string | undefined): void => {
      if (name === undefined) return;
      const isEmptied = place.isText === true && name === '';
      perform({
        type: 'edit',
        command: isEmptied ? { type: 'delete', ids: [id] } : { type: 'set', id, fields: place.isText ? { text: name } : { name } },
      });
    };
    rename.open({ ...place, done });
  }

  /** The words come first: a comment that says nothing is never written. */
  function openRemark(spot: { readonly scenario: string; readonly at: Flicks; readonly lane: number } | undefined = undefined): void {
    const now = peer.run.position();
    const { scenario, at, lane } = spot ?? { scenario: ROOT.scenario, at: now === undefined ? start : flicks(now), lane: 0 };
    const area = layout.areas.get(scenario);
    if (!area) return;
    const done = (text: string | undefined): void => {
      if (text === undefined || text === '') return;
      const date = Math.max(0, toMs((at - area.at) as Flicks));
      perform({ type: 'edit', command: { type: 'createComment', scenario, text, at: date, lane }, isSelecting: true });
    };
    rename.open({ ...remarkPlace(scene(), at, yOfLane(area, lane)), done });
  }

  /** What somebody selected elsewhere, or has just made, comes into view. */
  const reveal = (): void => {
    const [id, ...others] = selection.ids();
    if (id === undefined || others.length > 0 || gesture.type !== 'idle' || !stage) return;
    if (peer.score.read() !== score) refresh();
    camera = limit(shownWith(layout, camera, id), extent());
  };
  const zoomTo = (ids: readonly string[]): void => look(frameOf(layout, camera, ids, isRoomy ? SHOWN_ROOMY : SHOWN_TIGHT));

  const stopListening = listen(container, {
    press: (pointer) => {
      isTouched = true;
      rename.close();
      apply(press(scene(), pointer));
    },
    move(pointer) {
      voice.point(scene(), pointer.x, pointer.y);
      container.style.cursor = cursorAt(scene(), gesture, pointer.x, pointer.y);
      if (gesture.type !== 'idle') apply(move(scene(), gesture, pointer));
    },
    release(pointer) {
      if (gesture.type !== 'idle') apply(release(scene(), gesture, pointer));
    },
    cancel() {
      if (gesture.type === 'idle') return false;
      apply({ gesture: IDLE, effects: [] });
      return true;
    },
    leave: () => voice.leave(),
    scroll(dx, dy) {
      isTouched = true;
      if (dx !== 0) isSuspended = true;
      look(panBy(camera, dx, dy));
    },
    zoom(factor, x) {
      isTouched = true;
      look(zoomAt(camera, factor, x));
    },
    key(key) {
      const effects = pressKey(scene(), key);
      if (effects) apply({ gesture, effects });
      return effects !== undefined;
    },
  });

  container.tabIndex = 0;
  container.setAttribute('role', 'application');
  container.setAttribute(
    'aria-label',
    'Timeline of the score. Arrow keys move what is selected, Enter renames, T adds or removes a trigger, Delete removes.',
  );
  container.style.touchAction = 'none';
  if (getComputedStyle(container).position === 'static') container.style.position = 'relative';

  const spoil = (): void => {
    stage?.spoil();
    invalidate();
  };
  const observer = new ResizeObserver(() => resize());
  const resize = (): void => {
    const { clientWidth: width, clientHeight: height } = container;
    if (!stage || width === 0 || height === 0) return;
    stage.resize(width, height);
    camera = limit({ ...camera, width, height }, extent());
    if (!isTouched) zoomTo([]);
    // A resized canvas is empty until drawn: waiting for the next frame would flicker.
    cancelAnimationFrame(request);
    paint();
  };
  const refresh = (): void => {
    const before = score;
    score = peer.score.read();
    layout = layOutAfter({ layout, score: before }, score);
    unsent = new Set(peer.score.unsent());
    if (isOther(before, score)) [isTouched, isRoomy] = [false, score.intervals.size <= 1];
    if (isTouched) camera = limit(camera, extent());
    else zoomTo([]);
    spoil();
  };
  const subscriptions: Unsubscribe[] = [
    peer.on('score', refresh),
    peer.on('run', () => {
      const isIdle = peer.run.view().state === 'idle';
      if (wasIdle && !isIdle) isSuspended = false;
      wasIdle = isIdle;
      invalidate();
    }),
    peer.on('presence', invalidate),
    peer.on('groups', spoil),
    peer.on('peers', spoil),
    selection.on(() => {
      voice.say(scene(), gesture);
      reveal();
      invalidate();
    }),
    onTheme(() => {
      tokens = readTokens(container);
      stage?.spoilLabels();
      invalidate();
    }),
  ];

  void createStage(container, () => tokens).then((made) => {
    if (isClosed) return made?.close();
    if (!made) return explain(container);
    stage = made;
    Object.assign(made.canvas.style, { position: 'absolute', inset: '0', display: 'block' });
    made.canvas.addEventListener('webglcontextrestored', spoil);
    container.prepend(made.canvas);
    observer.observe(container);
    resize();
    void document.fonts.ready.then(() => {
      made.spoilLabels();
      invalidate();
    });
  });

  return {
    get camera() {
      return camera;
    },
    get start() {
      return toMs(start);
    },
    get isFollowing() {
      return isFollowing && !isSuspended;
    },
    setFollow(isOn) {
      isFollowing = isOn;
      isSuspended = false;
      invalidate();
    },
    setStart: (ms) => place(flicks(ms)),
    zoomToFit() {
      // The score may have been opened a moment ago.
      if (peer.score.read() !== score) refresh();
      isRoomy = false;
      zoomTo([]);
    },
    zoomBy: (factor) => look(zoomAt(camera, factor, camera.width / 2)),
    under(clientX, clientY) {
      const { left, top } = container.getBoundingClientRect();
      return hit(layout, camera, clientX - left, clientY - top);
    },
    addComment: (spot) => openRemark(spot),
    rename: openRename,
    dateOf(id) {
      const { boxOf, slotOf, dotOf, syncOf, commentOf } = layout;
      const at = [boxOf, slotOf, syncOf, dotOf, commentOf].map((map) => map.get(id)?.at).find((found) => found !== undefined);
      return at === undefined ? undefined : toMs(at);
    },
    zoomToSelection: () => zoomTo(selection.ids()),
    close() {
      isClosed = true;
      cancelAnimationFrame(request);
      subscriptions.forEach((unsubscribe) => unsubscribe());
      observer.disconnect();
      stopListening();
      rename.close();
      voice.close();
      stage?.close();
    },
  };
}

/** Syncs that a click fires: those that wait, and roots that can be triggered again. */
const triggerable = ({ waiting, again }: RunView): ReadonlySet<ObjectId> => new Set([...waiting, ...again].map(({ sync }) => sync));

/** From here on another score: it has a lineage of its own, or nothing that was there is left. */
function isOther(before: Score, after: Score): boolean {
  if (before.id !== after.id) return true;
  const kept = [...after.intervals.keys()].filter((id) => before.intervals.has(id)).length;
  return kept <= 1 && after.intervals.size > MADE_BY_HAND;
}
/** Intervals that one gesture makes on an empty score, or on one that was just emptied, the root's included. */
const MADE_BY_HAND = 3;

function explain(container: HTMLElement): void {
  const text = document.createElement('p');
  text.setAttribute('role', 'alert');
  text.style.padding = '24px';
  text.textContent =
    'This browser can draw neither with WebGL nor on a canvas, so the timeline cannot be shown. The score itself is safe and plays on; turn on hardware acceleration or use another browser to see it.';
  container.append(text);
}
