import { describe, expect, it } from 'vitest';
import {
  generateRefreshToken,
  hashRefreshToken,
  openSuccessor,
  sealSuccessor,
} from './refresh-token.secret.js';

describe('a refresh token', () => {
  it('has 256 random bits', () => {
    const tokens = Array.from({ length: 50 }, generateRefreshToken);
    expect(new Set(tokens).size).toBe(50);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  it('reads its successor, and neither its hash nor another token does', () => {
    const [token, successor, other] = [
      generateRefreshToken(),
      generateRefreshToken(),
      generateRefreshToken(),
    ];
    const sealed = sealSuccessor(token, successor);
    expect(sealed).not.toContain(successor);
    expect(openSuccessor(token, sealed)).toBe(successor);
    for (const wrong of [other, hashRefreshToken(token), '']) {
      expect(() => openSuccessor(wrong, sealed)).toThrow();
    }
  });
});
