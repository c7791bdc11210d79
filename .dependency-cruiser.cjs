/** Data's way through the house, lowest first; a file imports its own rank or a lower one. */
const RANKS = [
  ['base', '^src/base[.]ts$'],
  ['mesh', '^src/mesh/'],
  ['crdt', '^src/crdt/'],
  ['engine', '^src/engine/'],
  ['groups', '^src/groups/'],
  ['pit', '^src/pit/'],
  // Whatever else lies at the top is a part of the peer.
  ['peer', '^src/(?!(base|console|main|headless[^/]*|room[.]browser)[.]ts)[^/]+[.]ts$'],
  ['console', '^src/console[.]ts$'],
  ['ui', '^src/ui/'],
  ['main', '^src/(main|headless[^/]*|room[.]browser)[.]ts$'],
];

const upward = RANKS.slice(0, -1).map(([name, path], i) => ({
  name: `${name}-imports-no-higher-rank`,
  comment: `The house has one direction: ${RANKS.map(([rank]) => rank).join(' < ')}.`,
  severity: 'error',
  from: { path },
  to: { path: RANKS.slice(i + 1).map(([, higher]) => higher) },
}));

/** Only files of `allowed` may import what matches `to`. */
const only = (name, comment, allowed, to) => ({ name, comment, severity: 'error', from: { path: '^src/', pathNot: allowed }, to });

const npm = (name) => ({ path: `^node_modules/${name}/` });

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-missing', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-packages',
      comment: 'What runs at people must be in dependencies; types of packages are erased.',
      severity: 'error',
      from: { path: '^(src|signalling)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '^node_modules/@types/' },
    },
    only('yjs-in-crdt', 'Yjs 14 shall be one folder’s change.', '^src/crdt/', npm('(yjs|y-protocols|y-indexeddb)')),
    only('y-webrtc-in-companion', 'The companion door alone speaks y-webrtc.', '^src/crdt/companion[.]browser[.]ts$', npm('y-webrtc')),
    only('peerjs-in-calls', 'Who calls whom is decided without it.', '^src/pit/calls[.]browser[.]ts$', npm('peerjs')),
    only('svelte-in-ui', 'Only people need an interface.', '^src/ui/', npm('(svelte|bits-ui|@lucide)')),
    only('pixi-in-ui-and-visuals', '', '^src/ui/|^src/engine/devices/visual[^/]*[.]browser[.]ts$', npm('pixi[.]js')),
    only('tone-in-sound', 'The engine knows addresses, values, notes.', '^src/engine/devices/sound[^/]*[.]browser[.]ts$', npm('tone')),
    only('ntp-in-the-server', 'Pages hear of UTC from the server.', '^signalling/ntp[.]ts$', npm('ntp-client')),
    only('webmidi-in-midi', 'The engine knows addresses, values, notes.', '^src/engine/devices/midi[^/]*[.]browser[.]ts$', npm('webmidi')),
    {
      name: 'edges-from-main-only',
      comment: 'Browser and Node come in through ports, at the top; whoever else needs an edge names its type only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|headless)[.]ts$|[.](browser|node)[.]ts$' },
      to: { path: '^src/.*[.](browser|node)[.]ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-names-no-edge',
      comment: 'Below the interface not even the types of an edge are known.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|headless)[.]ts$|^src/ui/|[.](browser|node)[.]ts$' },
      to: { path: '^src/.*[.](browser|node)[.]ts$' },
    },
    {
      name: 'signalling-shares-wire-types-only',
      severity: 'error',
      from: { path: '^signalling/' },
      to: { path: '^src/', pathNot: '^src/(base|mesh/(signal|utc))[.]ts$' },
    },
    { name: 'src-knows-no-server', severity: 'error', from: { path: '^src/' }, to: { path: '^(signalling|test|scripts)/' } },
    {
      name: 'rooms-are-pure',
      comment: 'The simulator runs them.',
      severity: 'error',
      from: { path: '^signalling/(room|companion|gate|message|limits|utc)[.]ts$' },
      to: { pathNot: '^signalling/(room|companion|gate|message|limits|utc)[.]ts$|^src/(base|mesh/(signal|utc))[.]ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'svelte', 'browser', 'import', 'default'],
      extensions: ['.ts', '.js', '.svelte', '.d.ts', '.mjs', '.cjs'],
    },
  },
};
