/** `npm run pictures [name ...]`: makes the pictures of the docs anew, all or some, from the app as it is. */
import { build, install, refuse } from './ground.mjs';
import { createCamera, edit, until } from './camera.mjs';
import { finishNight, NIGHT, points, SKY } from './night-piece.mjs';

await install();
await build();
const wanted = process.argv.slice(2);
const camera = await createCamera();

const drawer = (page) => page.getByRole('region', { name: 'Drawer' });
async function openPanel(page, panel, tab) {
  await page.getByRole('tab', { name: new RegExp(`^${panel}`) }).click();
  if (tab !== undefined) await page.getByRole('tab', { name: tab, exact: true }).click();
}
/** Makes the drawer so high that all of it is seen. */
async function raiseDrawer(page, by) {
  const handle = page.getByRole('slider', { name: 'Height of the drawer' });
  await handle.focus();
  const key = by < 0 ? 'ArrowDown' : 'ArrowUp';
  for (let i = 0; i < Math.abs(by) / 24; i++) await page.keyboard.press(key);
  await page.evaluate(() => document.activeElement?.blur());
}
async function closeDrawer(page) {
  const button = page.getByRole('button', { name: 'Close the drawer' });
  if ((await button.count()) > 0) await button.click();
}
const see = async (page) => {
  await page.getByRole('button', { name: 'See the whole score' }).click();
  await page.mouse.move(5, 400);
};
/** Presses the name of an interval: it begins at `ms` of a score of `length`, on row `y` (px from the top of the canvas). */
async function select(page, ms, length, y) {
  const canvas = await page.getByRole('application').boundingBox();
  const margin = 32;
  await page.mouse.click(canvas.x + margin + (ms / length) * (canvas.width - 2 * margin), canvas.y + y);
}
const play = async (pages, ms) => {
  await pages[0].evaluate(() => window.tutti.run.play());
  for (const page of pages) await until(page, (wait) => window.tutti.run.position() >= wait, ms);
};
const ids = (pages) => Promise.all(pages.map((page) => page.evaluate(() => window.tutti.peer.id)));
const join = (page, members) =>
  page.evaluate((all) => {
    for (const [peer, group] of all) window.tutti.groups.setMember(peer, group, true);
  }, members);
const hidePanels = async (page) => {
  await page.getByRole('button', { name: 'Library and devices' }).click();
  await page.getByRole('button', { name: 'Inspector', exact: true }).click();
};

/** Four people in Night Piece, the bell waited for; one of them left. */
async function night() {
  const { pages } = await camera.room(['Ada', 'Béla', 'Clara', 'Dmitri'], { size: [1340, 840] });
  const [ada, bela, clara, dmitri] = pages;
  await edit(ada, NIGHT);
  const bell = await finishNight(ada);
  const [a, b, c, d] = await ids(pages);
  await join(ada, [
    [a, 'sound'],
    [b, 'light'],
    [b, 'hands'],
    [c, 'hands'],
    [a, 'hands'],
    [d, 'light'],
  ]);
  await ada.evaluate(() => {
    window.tutti.groups.setNewcomer('hands', true);
    window.tutti.rights.setNewcomers({ view: true, edit: false, control: true });
  });
  for (const page of pages)
    await until(page, () => window.tutti.groups.members('light').length === 2 && 'sway' in window.tutti.score.read().objects);
  await dmitri.close();
  await camera.gathered(ada, 3);
  for (const [page, value] of [
    [ada, 0.62],
    [bela, 0.35],
    [clara, 0.9],
  ])
    await page.evaluate((x) => window.tutti.pits.put('energy', x), value);
  return { ada, bela, clara, bell };
}

let scene;
const inNight = async () => (scene ??= await night());

const PICTURES = {
  async door() {
    const page = await camera.open({ name: 'Ada', size: [1000, 640] });
    await page.getByRole('button', { name: 'New room' }).waitFor();
    await page.waitForTimeout(1500);
    await camera.take(page, 'door');
    await page.context().close();
  },

  /** The demo, but with people. */
  async studio() {
    const alone = await camera.open({ name: 'Ada' });
    await alone.getByRole('button', { name: 'Try the demo alone' }).click();
    await until(alone, () => window.tutti && Object.keys(window.tutti.score.read().tracks).length > 3);
    const text = await alone.evaluate(() => window.tutti.score.save());
    await alone.context().close();
    const { pages } = await camera.room(['Ada', 'Béla', 'Clara']);
    const [ada, bela, clara] = pages;
    await ada.evaluate((score) => {
      const { groups, peer, score: mine } = window.tutti;
      const issue = mine.open(score);
      if (issue) throw new Error(issue.message);
      groups.setMember(peer.id, 'sound', true);
      groups.setMember(peer.id, 'picture', true);
    }, text);
    const lights = (await ids(pages))[1];
    await join(ada, [[lights, 'picture']]);
    for (const page of pages) await until(page, () => window.tutti.groups.members('picture').length === 2);
    await see(ada);
    await ada.evaluate(() => window.tutti.run.play({ from: 24_000 }));
    await openPanel(ada, 'Pits');
    const pit = 'energy';
    for (const [page, value] of [
      [ada, 0.62],
      [bela, 0.35],
      [clara, 0.9],
    ])
      await page.evaluate(([name, x]) => window.tutti.pits.put(name, x), [pit, value]);
    await until(ada, () => window.tutti.run.position() > 29_000);
    const wander = async (page, x, y) => {
      await page.mouse.move(x - 20, y);
      await page.mouse.move(x, y);
    };
    await wander(bela, 800, 330);
    await wander(clara, 640, 260);
    await until(ada, () => window.tutti.run.position() > 30_500);
    await camera.take(ada, 'studio');
    for (const page of pages) await page.context().close();
  },

  async network() {
    // Ada's connections to who comes from now on get no way at all.
    const script = `globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration) { super(globalThis.isWalled ? { ...configuration, iceTransportPolicy: 'relay' } : configuration); }
    }`;
    const { code, pages } = await camera.room(['Ada', 'Béla'], { script, size: [1440, 860] });
    await pages[0].evaluate(() => Object.assign(window, { isWalled: true }));
    const clara = await camera.open({ name: 'Clara', code, size: [1440, 860] });
    pages.push(clara);
    for (const page of pages)
      await until(page, () => window.tutti?.room.peers.filter(({ link }) => link === 'whole' || link === 'relayed').length === 2);
    await openPanel(pages[0], 'Network', 'Health');
    await until(
      pages[0],
      () =>
        window.tutti.clock.spread < 3 &&
        window.tutti.room.peers.every(({ isSelf, link, health }) => isSelf || link !== 'whole' || (health?.loss ?? 1) < 0.05),
    );
    await camera.take(drawer(pages[0]), 'network');
    for (const page of pages) await page.context().close();
  },

  async topology() {
    const { ada } = await inNight();
    await openPanel(ada, 'Network', 'Topology');
    await raiseDrawer(ada, 96);
    await camera.take(drawer(ada), 'topology');
    await raiseDrawer(ada, -96);
  },

  async ownership() {
    const { ada, bela, clara, bell } = await inNight();
    await hidePanels(ada);
    await see(ada);
    await play([ada, bela, clara], 5000);
    await until(ada, (id) => window.tutti.run.waiting().includes(id), bell);
    await bela.evaluate((id) => window.tutti.run.trigger(id), bell);
    await ada.waitForTimeout(500);
    await camera.take(ada.getByRole('main'), 'ownership');
    await hidePanels(ada);
  },

  async object() {
    const { ada, bell } = await inNight();
    await see(ada);
    await select(ada, 3000, 40_000, 122);
    await ada.getByRole('button', { name: 'Go to its end' }).click();
    await ada.getByRole('button', { name: 'Go to its time sync' }).click();
    await openPanel(ada, 'Network', 'Object');
    await camera.take(drawer(ada), 'object');
    await ada.evaluate((id) => window.tutti.run.trigger(id), bell);
  },

  async transport() {
    const { ada, bela, clara } = await inNight();
    if (await ada.evaluate(() => window.tutti.run.state === 'idle')) await play([ada, bela, clara], 6000);
    await openPanel(ada, 'Network', 'Transport');
    await raiseDrawer(ada, 168);
    await camera.take(drawer(ada), 'transport');
    await raiseDrawer(ada, -168);
  },

  async sending() {
    const { ada } = await inNight();
    await ada.evaluate(() => {
      window.tutti.score.setSending('none');
      window.tutti.score.edit({ type: 'set', id: 'sway', fields: { max: 0.3 } });
      window.tutti.score.edit({ type: 'createInterval', id: 'own', at: 30_000, duration: 8000, name: 'Coda', lane: 3 });
    });
    await ada
      .getByRole('banner')
      .getByRole('button', { name: /kept back/ })
      .click();
    await ada.getByRole('list', { name: 'What only you have' }).waitFor();
    const box = await ada.locator('.popover').boundingBox();
    const clip = { x: Math.max(0, box.x - 24), y: 0, width: box.width + 220, height: box.y + box.height + 16 };
    await camera.take({ screenshot: (options) => ada.screenshot({ ...options, clip }) }, 'sending');
    await ada.keyboard.press('Escape');
    await ada.evaluate(() => (window.tutti.score.drop(), window.tutti.score.setSending('all')));
  },

  async pits() {
    const { ada, bela, clara } = await inNight();
    const pit = (id, process) => ({ type: 'createProcess', interval: 'root', id, process: { ...process, isAlways: true } });
    await edit(ada, [
      pit('keys', { type: 'midiPit', name: 'Keys', output: 'sound:/lead' }),
      pit('talk', { type: 'audioPit', name: 'Talk' }),
    ]);
    for (const page of [bela, clara]) await until(page, () => 'talk' in window.tutti.score.read().objects);
    await openPanel(ada, 'Pits');
    for (const [page, pitch] of [
      [bela, 60],
      [bela, 64],
      [clara, 67],
    ])
      await page.evaluate((note) => window.tutti.pits.note('keys', note, 0.8), pitch);
    await ada.waitForTimeout(600);
    await camera.take(drawer(ada), 'pits');
  },

  /** Three scenarios of one make, but for whose time it is, as two people see them after Ada has pressed in each. */
  async share() {
    const { pages } = await camera.room(['Ada', 'Béla'], { size: [1000, 480] });
    const [ada, bela] = pages;
    await edit(ada, [{ type: 'createGroup', id: 'left', name: 'Left', hue: 7 }]);
    const bells = [];
    for (const [lane, share] of ['shared', 'mixed', 'free'].entries()) {
      await edit(ada, [
        { type: 'createInterval', id: share, at: 0, duration: 30_000, name: share, lane },
        { type: 'createProcess', interval: share, id: `${share}.inside`, process: { type: 'scenario' } },
        { type: 'setPolicies', id: `${share}.inside`, policies: { share } },
        { type: 'createInterval', id: `${share}.verse`, scenario: `${share}.inside`, at: 0, duration: 10_000, name: 'verse' },
      ]);
      const [state, sync] = await ada.evaluate((id) => {
        const { objects } = window.tutti.score.read();
        const { end } = objects[id];
        return [end, objects[objects[end].event].sync];
      }, `${share}.verse`);
      await edit(ada, [
        { type: 'setTrigger', id: sync, expression: '' },
        { type: 'createInterval', id: `${share}.chorus`, from: state, duration: 20_000, name: 'chorus', group: 'left' },
      ]);
      bells.push(sync);
    }
    await join(ada, [[(await ids(pages))[0], 'left']]);
    for (const page of pages) {
      await until(page, () => 'free.chorus' in window.tutti.score.read().objects && window.tutti.groups.members('left').length === 1);
      await hidePanels(page);
      await closeDrawer(page);
      await see(page);
    }
    await play(pages, 6000);
    await ada.evaluate((all) => all.forEach((sync) => window.tutti.run.trigger(sync)), bells);
    await until(ada, () => window.tutti.run.position() > 16_000);
    await ada.evaluate(() => window.tutti.run.pause());
    for (const page of pages) await until(page, () => window.tutti.run.state === 'paused');
    await ada.waitForTimeout(400);
    const shots = [];
    for (const [page, words] of [
      [ada, 'Ada, of the group Left, who pressed after 6 seconds in each of the three'],
      [bela, 'Béla, who is not in Left, at the same moment'],
    ])
      shots.push({ words, png: await page.getByRole('main').screenshot() });
    await camera.album(shots, 'share');
    for (const page of pages) await page.context().close();
  },

  /** ossia's scene: two automations, two groups, one shader. */
  async shader() {
    const { pages } = await camera.room(['Ada', 'Béla'], { size: [900, 640] });
    const [ada] = pages;
    const [a, b] = await ids(pages);
    const pit = (name) => ({
      type: 'createProcess',
      interval: 'scene',
      id: name,
      process: { type: 'pit', name, isAligned: true, output: `visual:/light/${name}` },
    });
    const curve = (id, pitName, group, all) => [
      {
        type: 'createProcess',
        interval: 'scene',
        id,
        process: { type: 'automation', name: `${pitName} (${group})`, address: `pit:/${pitName}`, points: points(...all) },
      },
      { type: 'setPolicies', id, policies: { group } },
    ];
    await edit(ada, [
      { type: 'createGroup', id: 'left', name: 'Left', hue: 7 },
      { type: 'createGroup', id: 'right', name: 'Right', hue: 2 },
      { type: 'createInterval', id: 'scene', at: 0, duration: 30_000, name: 'Scene' },
      { type: 'createProcess', interval: 'scene', id: 'light', process: { type: 'shader', name: 'Light', source: SKY } },
      ...['warm', 'cold'].map((name) => ({ type: 'setInput', process: 'light', name, value: 0, min: 0, max: 1 })),
      pit('warm'),
      pit('cold'),
      ...curve('warms', 'warm', 'left', [
        [0, 0.2],
        [0.5, 1],
        [1, 0.3],
      ]),
      ...curve('cools', 'cold', 'right', [
        [0, 1],
        [0.5, 0.4],
        [1, 0.9],
      ]),
    ]);
    await join(ada, [
      [a, 'left'],
      [b, 'right'],
    ]);
    for (const page of pages) {
      await until(page, () => window.tutti.groups.members('right').length === 1 && 'cools' in window.tutti.score.read().objects);
      await page.getByRole('tab', { name: 'Picture' }).click();
      await page
        .getByRole('button', { name: 'Inspector', exact: true })
        .click()
        .catch(() => undefined);
      await see(page);
    }
    await play(pages, 10_000);
    await ada.evaluate(() => window.tutti.run.pause());
    for (const page of pages) await until(page, () => window.tutti.run.state === 'paused');
    await ada.waitForTimeout(1500);
    const shots = [];
    for (const [page, words] of [
      [ada, 'Ada, of Left, computes “warm”'],
      [pages[1], 'Béla, of Right, computes “cold”'],
    ])
      shots.push({ words, png: await page.screenshot() });
    await camera.album(shots, 'shader', { width: 1300, columns: 2 });
    for (const page of pages) await page.context().close();
  },
};

try {
  const unknown = wanted.filter((name) => !Object.hasOwn(PICTURES, name));
  if (unknown.length > 0) throw new Error(`There is no picture ${unknown.join(', ')}; there are ${Object.keys(PICTURES).join(', ')}.`);
  for (const [name, paint] of Object.entries(PICTURES)) if (wanted.length === 0 || wanted.includes(name)) await paint();
} catch (error) {
  await camera.close();
  refuse(error.stack);
}
await camera.close();
