/** Foreground and tint of a meaning, in both themes. Contrast is computed by `tokens.spec.ts`. */
export interface Token {
  light: { fg: string; tint: string };
  dark: { fg: string; tint: string };
}

export const surfaces = {
  light: { body: '#FFFFFF', surface: '#F6F7F9', hover: '#EEF1F5', hairline: '#D9DEE6', border: '#7C8695' },
  dark: { body: '#14171C', surface: '#1B1F26', hover: '#242A33', hairline: '#2E3540', border: '#6B7684' },
} as const;

export const texts = {
  light: { text: '#1A1D23', secondary: '#4B5563', dimmed: '#5B6472', primary: '#1D4ED8' },
  dark: { text: '#E6E9EE', secondary: '#A9B2BF', dimmed: '#95A0AE', primary: '#7DA7FF' },
} as const;

const red: Token = { light: { fg: '#B42318', tint: '#FDECEA' }, dark: { fg: '#FF7A70', tint: '#3A1D1C' } };
const grey: Token = { light: { fg: '#4B5563', tint: '#E9ECF1' }, dark: { fg: '#A9B2BF', tint: '#2A3038' } };
const green: Token = { light: { fg: '#13703F', tint: '#E5F5EC' }, dark: { fg: '#5CCB8B', tint: '#14301F' } };

/** Red: critical, failed, destructive. Green: a finished good result. Purple: a human must act. Blue: in progress. Grey: settled. */
export const tokens = {
  critical: red,
  high: { light: { fg: '#A8480B', tint: '#FDEFE3' }, dark: { fg: '#FF9C57', tint: '#38240F' } },
  warning: { light: { fg: '#7A5B00', tint: '#FBF3D9' }, dark: { fg: '#EFC04A', tint: '#332A10' } },
  info: { light: { fg: '#3B5B92', tint: '#E9EFFA' }, dark: { fg: '#8FB0EC', tint: '#1B273C' } },
  settled: grey,
  good: green,
  running: { light: { fg: '#1B5FBF', tint: '#E6F0FD' }, dark: { fg: '#6FB0FF', tint: '#152A44' } },
  waiting: { light: { fg: '#6E3CBC', tint: '#F1EAFC' }, dark: { fg: '#C3A0FF', tint: '#2A1F42' } },
  failed: red,
  late: { light: { fg: '#96490A', tint: '#FDEFE3' }, dark: { fg: '#F5A35C', tint: '#38240F' } },
} as const satisfies Record<string, Token>;

export type Meaning = keyof typeof tokens;
