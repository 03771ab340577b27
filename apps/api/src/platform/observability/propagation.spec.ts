import { describe, expect, it } from 'vitest';
import { hostsToTell } from './propagation.js';

describe('hosts that are told the trace', () => {
  it('are those of one’s own network', () => {
    const tells = hostsToTell([]);
    const inside = [
      'localhost',
      '127.0.0.1',
      '10.1.2.3',
      '192.168.0.9',
      '172.16.0.1',
      '[::1]',
      '[fd00::7]',
      'loki',
      'ollama.ai.svc.cluster.local',
      'restart.ops.svc',
      'hooks.corp',
    ];
    expect(inside.filter((host) => !tells(host))).toEqual([]);
    const outside = [
      'hooks.slack.com',
      'api.openai.com',
      '8.8.8.8',
      '[2001:4860::1]',
      'local.example.com',
      '172.32.0.1',
    ];
    expect(outside.filter(tells)).toEqual([]);
  });

  it('and those that are named, alone or with all below', () => {
    const tells = hostsToTell(['hooks.partner.net', '*.example.com']);
    expect(['hooks.partner.net', 'A.Example.com', 'a.b.example.com'].filter((host) => !tells(host))).toEqual(
      [],
    );
    expect(['partner.net', 'evilexample.com', 'example.com.evil.net', 'example.com'].filter(tells)).toEqual(
      [],
    );
    expect(hostsToTell(['*'])('api.openai.com')).toBe(true);
  });
});
