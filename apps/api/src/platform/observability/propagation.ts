import ipaddr from 'ipaddr.js';

/** Endings of names that only exist inside somebody's own network: RFC 6762, 6761, 8375, ICANN's `internal`, Kubernetes. */
const insideNames = /(^|\.)(local|localhost|internal|svc|home\.arpa|lan|intranet|corp|private)$/i;
const insideRanges = new Set(['loopback', 'private', 'linkLocal', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Says which hosts are told the trace of a request: those of one's own network, by the looks of their address or name, and
 * those that are named. Others learn nothing: a trace id is no secret, but it lets a stranger tie requests together.
 * @param named host names, `*.example.com` for all below one, `*` for every host
 */
export function hostsToTell(named: readonly string[]): (host: string) => boolean {
  const known = new Map<string, boolean>();
  return (host) => {
    let answer = known.get(host);
    if (answer === undefined) {
      answer = isInside(host) || named.some((pattern) => matches(pattern.toLowerCase(), host.toLowerCase()));
      if (known.size >= 1000) known.clear();
      known.set(host, answer);
    }
    return answer;
  };
}

function isInside(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(address)) return insideRanges.has(ipaddr.process(address).range());
  return !host.includes('.') || insideNames.test(host);
}

function matches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}
