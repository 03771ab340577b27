import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from './free-port.js';
import { until } from './until.js';

describe('until', () => {
  it('gives back what the condition gave in the end, over failures on the way', async () => {
    let turn = 0;
    const seen = await until(
      () => {
        turn += 1;
        if (turn === 1) throw new Error('not there');
        return turn === 3 && { turn };
      },
      { description: 'the third turn', intervalMs: 1 },
    );
    expect(seen).toEqual({ turn: 3 });
  });

  it('says what it waited for and what it saw last', async () => {
    const options = { description: 'the execution to end', timeoutMs: 5, intervalMs: 1 };
    await expect(until(() => null, options)).rejects.toThrow(
      'Waited 5 ms in vain for: the execution to end. Last seen: null',
    );
    await expect(until(() => Promise.reject(new Error('401 from /alerts')), options)).rejects.toThrow(
      /the execution to end\. Last seen: 401 from \/alerts/,
    );
  });
});

describe('freePort', () => {
  it('gives a port that a server can have', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((listening, fail) => {
      server.once('error', fail);
      server.listen(port, '127.0.0.1', listening);
    });
    expect(server.address()).toMatchObject({ port });
    await new Promise((closed) => server.close(closed));
  });
});
