import { userInfo } from 'node:os';
import { SigningKeyService, type KeyStanding } from '../auth/index.js';
import { CallContext, type Actor } from '../platform/index.js';
import { exitCodes, type Command, type CommandContext } from './command.js';

/** What the keys are for, and what these do besides: docs/sessions.md. */
export const keysList: Command = {
  name: 'keys list',
  summary: 'Lists the keys whose access tokens are accepted',
  options: {},
  details: 'Never shows a secret.',
  prepare:
    () =>
    async ({ app, print }) => {
      const rows = (await app.get(SigningKeyService).accepted()).map(rowOf);
      for (const line of aligned([['KEY', 'FROM', 'STATE', 'MADE', 'ACCEPTED UNTIL'], ...rows])) print(line);
      return exitCodes.ok;
    },
};

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'Makes a new key that signs access tokens from now on',
  options: {},
  details: `The engine may run meanwhile: each of its processes hears of the key at once. Nobody is signed out, since the older
keys are accepted until the last token that they signed has run out. Ends with 1 where JWT_SECRETS says what signs.`,
  prepare: () => (context) =>
    byHand(context, async (keys) => {
      const { kid } = await keys.rotate();
      context.print(`${kid} signs from now on.`);
    }),
};

export const keysRetire: Command = {
  name: 'keys retire',
  summary: 'Ends a key at once, for when it may have leaked',
  options: { kid: { type: 'string' } },
  details: `  --kid <key>  as \`keys list\` shows it

Tokens that it signed are refused from now on, and a key that signed gets a successor. Nobody is signed out: browsers
get a token of the new key by themselves. Ends with 1 for a key that is not there.`,
  prepare({ kid }) {
    if (typeof kid !== 'string' || kid === '')
      return { problem: '--kid needs a key as `keys list` shows it' };
    return (context) =>
      byHand(context, async (keys) => {
        await keys.retire(kid);
        context.print(`${kid} is not accepted any more.`);
      });
  },
};

/** Works in the name of whoever typed the command, as far as the system knows them: the audit log says so. */
async function byHand(
  { app }: CommandContext,
  work: (keys: SigningKeyService) => Promise<void>,
): Promise<number> {
  const actor: Actor = {
    kind: 'system',
    id: null,
    name: `${userInfo().username} (command line)`,
    role: 'admin',
  };
  await app.get(CallContext).run({ actor }, () => work(app.get(SigningKeyService)));
  return exitCodes.ok;
}

const rowOf = ({ kid, source, signs, createdAt, retiresAt }: KeyStanding): string[] => [
  kid,
  source === 'database' ? 'database' : 'JWT_SECRETS',
  signs ? 'signs' : 'accepted',
  createdAt?.toISOString() ?? '-',
  retiresAt?.toISOString() ?? '-',
];

function aligned(rows: readonly string[][]): string[] {
  const widths =
    rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
