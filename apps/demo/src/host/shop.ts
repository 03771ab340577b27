import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the small service that the demo breaks and mends. */
export interface Shop {
  /** Folder that is first on the PATH of the demo host. */
  bin: string;
  pidFile: string;
  port: number;
}

/** The service: a web server of its own process, as plain as can be. */
const server = (port: number): string => `
import { createServer } from 'node:http';
createServer((_request, response) => response.end('open for business\\n')).listen(${port}, '127.0.0.1');
`;

/** What an operator would have for it on a real host: start, stop, restart, status, check. */
const control = (folder: string, node: string, port: number): string => `#!/bin/sh
# shopctl: controls the demo shop.
pidfile='${folder}/shop.pid'
running() { [ -f "$pidfile" ] && kill -0 "$(cat "$pidfile")" 2>/dev/null; }
start() {
  if running; then echo 'shop is already running'; return 0; fi
  '${node}' '${folder}/shop.mjs' </dev/null >'${folder}/shop.log' 2>&1 &
  echo $! >"$pidfile"
  echo "shop started, process $(cat "$pidfile")"
}
stop() {
  if running; then kill "$(cat "$pidfile")"; fi
  rm -f "$pidfile"
  echo 'shop stopped'
}
check() {
  '${node}' -e "fetch('http://127.0.0.1:${port}').then((r) => r.text()).then((t) => console.log(t.trim()), () => { console.log('no answer'); process.exit(1); })"
}
case "$1" in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  status) if running; then echo "shop is running, process $(cat "$pidfile")"; else echo 'shop is not running'; exit 3; fi ;;
  check) check ;;
  *) echo 'usage: shopctl start|stop|restart|status|check' >&2; exit 64 ;;
esac
`;

/** Puts the service and its control script into a folder of the demo. */
export function installShop(folder: string, port: number): Shop {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, 'shop.mjs'), server(port));
  writeFileSync(join(bin, 'shopctl'), control(folder, process.execPath, port));
  chmodSync(join(bin, 'shopctl'), 0o755);
  return { bin, pidFile: join(folder, 'shop.pid'), port };
}

/** Whether the shop answers its customers. */
export async function shopAnswers(shop: Shop): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${shop.port}`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
