import { z } from 'zod';
import { configSchema } from './config.schema.js';
import { sections, settingDocs, type SettingDoc } from './setting.js';

/** What the schema itself tells about a setting, as JSON Schema keywords. */
const shapeSchema = z.object({
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.string()).optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Shape = z.infer<typeof shapeSchema>;

const intro = `# Configuration

<!-- Made from apps/api/src/platform/config/config.schema.ts by \`npm run docs:configuration\`. Do not edit. -->

The engine is configured by environment variables. A variable that is empty or blank counts as not set. A file \`.env\` in the
working directory is read in development only; what the environment says comes before it.

All settings are checked at once, before anything is started. When something is wrong, every problem is listed with the name
of its variable, values of secrets are not repeated, and the process ends with exit code 78.

\`\`\`sh
npm start -- --check-config     # checks the settings, fetches the secrets they refer to, and ends: 0 or 78
\`\`\`

`;

/** \`docs/configuration.md\`: every setting with its form and default, before the formatter has laid out the tables. */
export function configurationDoc(): string {
  const chapters = sections.map((section) => {
    const rows = Object.entries(configSchema.shape).flatMap(([name, schema]) => {
      const doc = settingDocs.get(schema);
      return doc?.section === section ? [row(name, doc, shapeOf(schema))] : [];
    });
    if (rows.length === 0) return '';
    return `## ${section}\n\n| name | value | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n\n`;
  });
  return `${intro}${chapters.join('')}${secretsDoc}${environmentsDoc}`;
}

function row(name: string, doc: SettingDoc, shape: Shape): string {
  const cells = [
    `\`${name}\`${doc.secret !== undefined ? ' (secret)' : ''}`,
    doc.form ?? formOf(shape, doc.unit),
    doc.otherwise ?? (shape.default === undefined || shape.default === '' ? '' : defaultOf(shape, doc)),
    doc.about,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function shapeOf(schema: z.ZodType): Shape {
  return shapeSchema.parse(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }));
}

function formOf(shape: Shape, unit: SettingDoc['unit']): string {
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${value}\``).join(', ');
  if (shape.type === 'boolean') return '`true`, `false`';
  if (shape.type === 'integer' || shape.type === 'number') return rangeOf(shape, unit);
  return shape.format === 'uri' ? 'a URL' : 'text';
}

function rangeOf({ type, minimum, maximum }: Shape, unit: SettingDoc['unit']): string {
  const what = type === 'integer' ? 'whole number' : 'number';
  const counted = unit === undefined ? what : `${what} of ${unit}`;
  const from = minimum === undefined ? '' : ` from ${String(minimum)}`;
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return `${counted}${from}${bounded ? ` to ${String(maximum)}` : ''}`;
}

function defaultOf(shape: Shape, doc: SettingDoc): string {
  const exact = `\`${String(shape.default)}\``;
  if (typeof shape.default !== 'number') return exact;
  const easy = doc.unit === undefined ? undefined : inWords(shape.default, doc.unit);
  return easy === undefined ? exact : `${exact} (${easy})`;
}

function inWords(value: number, unit: 'ms' | 'bytes'): string | undefined {
  const scale: [number, string][] =
    unit === 'ms'
      ? [
          [86_400_000, 'd'],
          [3_600_000, 'h'],
          [60_000, 'min'],
          [1000, 's'],
        ]
      : [
          [1024 * 1024, 'MiB'],
          [1024, 'KiB'],
        ];
  const fitting = scale.find(([size]) => value >= size && value % size === 0);
  return fitting === undefined ? undefined : `${String(value / fitting[0])} ${fitting[1]}`;
}

const secretsDoc = `## Secrets that are kept elsewhere

A setting marked “(secret)” may name the place of its value instead of the value itself; in a comma list each part may.
\`VAULT_TOKEN\` alone must be the value itself.

| reference | meaning |
| --- | --- |
| \`env:NAME\` | another environment variable |
| \`vault:secret/data/aiops#jwt\` | a key of a secret in Vault’s KV version 2 engine: mount, \`data\`, path, key |
| \`aws:prod/aiops\` | a whole secret in AWS Secrets Manager, by name or ARN |
| \`aws:prod/aiops#jwt\` | one field of a secret that is a JSON object |

\`\`\`sh
SECRETS_BACKEND=vault VAULT_ADDR=https://vault.example.com:8200
VAULT_AUTH=kubernetes VAULT_KUBERNETES_ROLE=aiops
JWT_SECRETS=vault:secret/data/aiops#jwt ENCRYPTION_KEYS=vault:secret/data/aiops#encryption
DATABASE_URL=vault:secret/data/aiops#database_url DATABASE_SSL_MODE=verify-full
\`\`\`

What stands at such a place has the same form as the setting, so \`kid:secret\` for \`JWT_SECRETS\`; the ids \`env\`, \`vault\` and
\`aws\` are therefore not free for keys. Settings are fetched once, at the start, and what cannot be fetched is listed among the
other problems. A value changed later counts from the next start.

**Credentials** may hold a reference in their \`secret\` in the same forms, as far as \`CREDENTIAL_SECRET_PATHS\` allows. The reference
is checked when it is saved and fetched again when it is used, at most \`SECRETS_CACHE_TTL_MS\` old, so that a rotation needs nothing
from you. While the backend is away, the last value serves \`SECRETS_STALE_MS\` longer, in memory alone; a secret that was deleted
or forbidden does not. Repeated failures pause the calls for half a minute.

A Vault policy for the engine needs no more than \`path "secret/data/aiops" { capabilities = ["read"] }\` for each place; for AWS
\`secretsmanager:GetSecretValue\`, and \`kms:Decrypt\` where a key of your own is used.

`;

const environmentsDoc = `## Environments

| | development | test | staging | production |
| --- | --- | --- | --- | --- |
| \`.env\` is read | yes | no | no | no |
| missing \`ENCRYPTION_KEYS\` | generated once | generated once | refused | refused |
| keys that were generated in development, or that are obviously no secret | accepted | accepted | refused | refused |
| \`CORS_ALLOWED_ORIGINS=*\` | accepted | accepted | refused | refused |
| a database on another machine without TLS | accepted | accepted | accepted | refused |
| \`http:\` to Vault or AWS on another machine | accepted | accepted | accepted | refused |
| default of \`LOG_LEVEL\` | \`info\` | \`warn\` | \`info\` | \`info\` |
`;
