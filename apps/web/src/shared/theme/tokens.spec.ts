import { describe, expect, it } from 'vitest';
import { surfaces, texts, tokens } from './tokens';

/** WCAG 2.x relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const backgrounds = [surfaces[theme].body, surfaces[theme].surface, surfaces[theme].hover];

  it.each(Object.entries(tokens))('%s is readable on every surface and on its own tint', (_name, token) => {
    for (const background of [...backgrounds, token[theme].tint]) {
      expect(contrast(token[theme].fg, background)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(Object.entries(texts[theme]))('text "%s" is readable on every surface', (_name, colour) => {
    for (const background of backgrounds) expect(contrast(colour, background)).toBeGreaterThanOrEqual(4.5);
  });

  it('borders of controls can be seen', () => {
    for (const background of backgrounds)
      expect(contrast(surfaces[theme].border, background)).toBeGreaterThanOrEqual(3);
  });
});
