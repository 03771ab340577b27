import { hostsFlaw } from './host-patterns.js';
import { readKeyLine, type PublicKey } from './public-key.js';
import { WireError } from './wire.js';

export type KnownHostsMarker = 'cert-authority' | 'revoked';

/** A line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export type KnownHostsLine = { line: number; text: string } & (
  | { kind: 'blank' }
  | { kind: 'entry'; marker: KnownHostsMarker | null; hosts: string; key: PublicKey; comment: string }
  | { kind: 'invalid'; problem: string }
);

/** Reads every line by itself: what is wrong with one does not keep the others from being read. */
export function parseKnownHosts(content: string): KnownHostsLine[] {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((text, index) => ({ line: index + 1, text, ...readLine(text) }));
}

type Read = { kind: 'blank' } | { kind: 'invalid'; problem: string } | Entry;
type Entry = {
  kind: 'entry';
  marker: KnownHostsMarker | null;
  hosts: string;
  key: PublicKey;
  comment: string;
};

function readLine(text: string): Read {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return { kind: 'blank' };
  const words = trimmed.split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
  if (marker !== undefined && marker !== '@cert-authority' && marker !== '@revoked') {
    return invalid(`the marker ${short(marker)} is not known; there are @cert-authority and @revoked`);
  }
  const [hosts, type, base64, ...comment] = words;
  if (hosts === undefined) return invalid('after the marker the host names and the key are missing');
  if (type === undefined || base64 === undefined) return invalid(incomplete(type));
  const flaw = hostsFlaw(hosts);
  if (flaw !== null) return invalid(flaw);
  if (/^\d+$/.test(type)) return invalid('it is a key of SSH version 1, which nobody should use any more');
  try {
    return {
      kind: 'entry',
      marker: marker === undefined ? null : marker === '@revoked' ? 'revoked' : 'cert-authority',
      hosts,
      key: readKeyLine(type, base64),
      comment: comment.join(' '),
    };
  } catch (error) {
    if (error instanceof WireError) return invalid(error.message);
    throw error;
  }
}

const invalid = (problem: string): Read => ({ kind: 'invalid', problem });
const incomplete = (type: string | undefined): string =>
  type === undefined
    ? 'it has one word; a line has host names, the type of the key, and the key'
    : 'the key is missing; a line has host names, the type of the key, and the key';
const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
