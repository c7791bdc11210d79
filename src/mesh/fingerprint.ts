const LENGTH = 22;
const FINGERPRINT = /^[A-Za-z0-9_-]{22}$/;

/** 132 bits of a public key in base64url, for links. */
export const fingerprintOf = (key: string): string => key.slice(0, LENGTH);

export const isFingerprint = (text: string): boolean => FINGERPRINT.test(text);
