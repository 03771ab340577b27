import { messageOf } from '../errors/errors.js';
import { parseReference } from '../secrets/secret-reference.js';
import { SecretSource } from '../secrets/secret-source.js';
import { checkSettings, ConfigError, isSet, variableOf } from './config.js';
import { configSchema, type Settings } from './config.schema.js';
import { settingDocs } from './setting.js';

type Env = Record<string, string | undefined>;

/** A setting whose value is, or contains, references. */
interface Referring {
  name: string;
  parts: string[];
}

/**
 * Reads every setting and fetches the secrets that some of them refer to (`JWT_SECRETS=vault:secret/data/aiops#jwt`).
 * @throws ConfigError with all problems, those of the secrets among them.
 */
export async function loadSettings(env: Env): Promise<Settings> {
  const referring = settingsWithReferences(env);
  if (referring.length === 0) return orThrow(checkSettings(env));
  const names = new Set(referring.map(({ name }) => name));
  const others = checkSettings(without(env, names));
  const problems = others.problems.filter((problem) => !names.has(variableOf(problem)));
  const usable = !problems.some((problem) => /^(SECRETS|VAULT|AWS)_/.test(problem));
  // Without a way to the backend nobody can say more than that.
  if (!usable) throw new ConfigError([...problems, ...malformed(referring)]);
  const fetched = await fetchAll(referring, others.settings, env);
  const failed = new Set(fetched.problems.map(variableOf));
  const final = checkSettings({ ...without(env, names), ...fetched.values });
  const rest = final.problems.filter((problem) => !failed.has(variableOf(problem)));
  return orThrow({ settings: final.settings, problems: [...fetched.problems, ...rest] });
}

function orThrow({ settings, problems }: { settings: Settings; problems: string[] }): Settings {
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}

function without(env: Env, names: ReadonlySet<string>): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)));
}

function settingsWithReferences(env: Env): Referring[] {
  return Object.entries(configSchema.shape).flatMap(([name, schema]) => {
    const kind = settingDocs.get(schema)?.secret;
    const value = env[name];
    if (kind === undefined || kind === 'no reference' || !isSet(value)) return [];
    const parts = (kind === 'several' ? value.split(',') : [value]).map((part) => part.trim());
    return parts.some((part) => parseReference(part) !== null) ? [{ name, parts }] : [];
  });
}

function malformed(referring: Referring[]): string[] {
  return referring.flatMap(({ name, parts }) =>
    parts.flatMap((part) => {
      const reference = parseReference(part);
      return reference !== null && 'problem' in reference ? malformedProblem(name, reference.problem) : [];
    }),
  );
}

const malformedProblem = (name: string, problem: string): string => `${name}: the reference ${problem}`;

async function fetchAll(
  referring: Referring[],
  settings: Settings,
  env: Env,
): Promise<{ values: Env; problems: string[] }> {
  const source = new SecretSource(settings, env, Date.now);
  try {
    const found = await Promise.all(
      referring.map(async ({ name, parts }) => ({
        name,
        parts: await Promise.all(parts.map((part) => fetchPart(name, part, source))),
      })),
    );
    const values = found.map(({ name, parts }) => [name, parts.map((part) => part.value).join(',')] as const);
    return {
      values: Object.fromEntries(values),
      problems: found.flatMap(({ parts }) => parts.flatMap((part) => part.problem ?? [])),
    };
  } finally {
    await source.close();
  }
}

async function fetchPart(
  name: string,
  part: string,
  source: SecretSource,
): Promise<{ value: string; problem?: string }> {
  const reference = parseReference(part);
  if (reference === null) return { value: part };
  if ('problem' in reference) return { value: '', problem: malformedProblem(name, reference.problem) };
  try {
    return { value: (await source.fetch(reference)).trim() };
  } catch (error) {
    return { value: '', problem: `${name}: ${messageOf(error)}` };
  }
}
