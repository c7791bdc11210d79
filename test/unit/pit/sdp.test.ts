import { describe, expect, it } from 'vitest';
import { fingerprintsIn, stereoAnswer, stereoOffer } from '../../../src/pit/sdp.ts';

const FIREFOX_FINGERPRINT = 'DF:76:80:6F:A5:D6:E9:6A:4D:FD:C4:B7:64:2E:8A:05:59:5D:E4:BE:97:E5:1C:45:DC:D4:A8:B9:37:50:A8:4D';
const lines = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');

/** An offer of Firefox 153, candidates and pictures left out: one fingerprint for the session, and two channels always. */
const FIREFOX = lines(
  ...['v=0', 'o=mozilla...THIS_IS_SDPARTA-99.0 3964691742039757028 0 IN IP4 0.0.0.0', 's=-', 't=0 0'],
  ...[`a=fingerprint:sha-256 ${FIREFOX_FINGERPRINT}`, 'a=group:BUNDLE 0', 'a=ice-options:trickle', 'a=msid-semantic:WMS *'],
  ...['m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101', 'c=IN IP4 0.0.0.0', 'a=sendrecv', 'a=extmap-allow-mixed'],
  ...['a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1', 'a=fmtp:101 0-15'],
  ...['a=ice-pwd:430c673d3dcac8378ade52361c08053e', 'a=ice-ufrag:19b079e5', 'a=mid:0', 'a=rtcp-fb:109 transport-cc', 'a=rtcp-mux'],
  ...['a=rtpmap:109 opus/48000/2', 'a=rtpmap:9 G722/8000/1', 'a=rtpmap:101 telephone-event/8000/1', 'a=setup:actpass'],
);
/** An answer of Chromium: a fingerprint for each part. */
const chromium = (...prints: readonly string[]): string =>
  lines(
    ...['v=0', 'o=- 4611731400430051336 2 IN IP4 127.0.0.1', 's=-', 't=0 0'],
    ...prints.flatMap((print, i) => [
      ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', `a=mid:${i}`, 'a=ice-ufrag:abcd', `a=fingerprint:sha-256 ${print}`],
      ...['a=setup:active', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1'],
    ]),
  );
const opusOf = (sdp: string): string | undefined => /^a=fmtp:(?:109|111) (.*?)\r?$/m.exec(sdp)?.[1];

describe('what descriptions say', () => {
  it('[PT22] every fingerprint in it, of the session and of its parts, in one spelling', () => {
    const firefox = `sha-256 ${FIREFOX_FINGERPRINT.toLowerCase()}`;
    expect(fingerprintsIn(FIREFOX)).toEqual([firefox]);
    const other = FIREFOX_FINGERPRINT.replace('DF', 'AA');
    expect(fingerprintsIn(chromium(FIREFOX_FINGERPRINT, FIREFOX_FINGERPRINT))).toEqual([firefox]);
    // One of several that is another is found.
    expect(fingerprintsIn(chromium(FIREFOX_FINGERPRINT, other))).toEqual([firefox, `sha-256 ${other.toLowerCase()}`]);
    expect(fingerprintsIn(FIREFOX + chromium(other))).toHaveLength(2);
    expect(fingerprintsIn(FIREFOX.replaceAll('\r', ''))).toEqual([firefox]);
    expect(fingerprintsIn('v=0\r\n')).toEqual([]);
  });

  it('[PT20] two channels are offered where they are wanted, and each parameter is said once', () => {
    expect(opusOf(stereoOffer(FIREFOX))).toBe('maxplaybackrate=48000;useinbandfec=1;stereo=1;sprop-stereo=1');
    expect(opusOf(stereoOffer(chromium(FIREFOX_FINGERPRINT)))).toBe('minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1');
    // Nothing else is another, line ends included.
    expect(stereoOffer(FIREFOX).replace(';stereo=1;sprop-stereo=1', '').length).toBe(FIREFOX.length - ';stereo=1'.length);
    expect(stereoOffer('m=video 9\r\n')).toBe('m=video 9\r\n');
  });

  it('[PT20] an answer takes two channels only where they are offered, also of Firefox, which always says two', () => {
    const offer = chromium(FIREFOX_FINGERPRINT);
    expect(opusOf(stereoAnswer(FIREFOX, offer))).toBe('maxplaybackrate=48000;useinbandfec=1');
    expect(opusOf(stereoAnswer(FIREFOX, stereoOffer(offer)))).toBe('maxplaybackrate=48000;useinbandfec=1;stereo=1');
    expect(stereoAnswer(offer, FIREFOX)).toBe(offer);
  });
});
