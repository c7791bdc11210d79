/** What is read from and written into session descriptions. Source: RFC 8866, RFC 8122, RFC 7587. */

/** All fingerprints, each once: a description may name one for the session and others for its parts. A line that is not understood counts as it stands, and so as another's. */
export const fingerprintsIn = (sdp: string): readonly string[] => [
  ...new Set(
    [...sdp.matchAll(/^[ \t]*a=fingerprint.*$/gim)].map(([line]) => {
      const [, kind, hex] = /^a=fingerprint:(\S+) +([0-9A-Fa-f:]+)[ \t]*$/.exec(line) ?? [];
      return kind === undefined ? line : `${kind} ${hex}`.toLowerCase();
    }),
  ),
];

/** Opus on two channels, as the sender offers it. */
export const stereoOffer = (sdp: string): string => withOpus(sdp, { stereo: '1', 'sprop-stereo': '1' });

/** Who is offered two channels takes them; else one, which some browsers do not say by themselves. */
export const stereoAnswer = (sdp: string, offer: string): string =>
  withOpus(sdp, { stereo: /^a=fmtp:.*sprop-stereo=1/m.test(offer) ? '1' : undefined });

/** undefined: the parameter goes. */
function withOpus(sdp: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const payload = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (payload === undefined) return sdp;
  return sdp.replace(new RegExp(`^(a=fmtp:${payload} )(.*?)(\\r?)$`, 'm'), (_, head: string, said: string, end: string) => {
    const kept = said.split(';').filter((each) => !(each.split('=')[0]!.trim() in parameters));
    const set = Object.entries(parameters).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
    return `${head}${[...kept, ...set].join(';')}${end}`;
  });
}
