/** Tells a person what is going on. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** Ends with a reason. */
export function fail(text, code = 1) {
  process.stderr.write(`\n${text}\n`);
  process.exit(code);
}
