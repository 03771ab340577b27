import { hash, randomBytes } from 'node:crypto';
import { API_KEY_PREFIX } from '../access/presented-credential.js';

/** A new key: the prefix and 32 random bytes in base64url. */
export const generateApiKey = (): string => `${API_KEY_PREFIX}${randomBytes(32).toString('base64url')}`;

/** What of a key is stored and looked up. */
export const hashApiKey = (key: string): string => hash('sha256', key, 'base64url');

/** `aiops_abcd***`: enough to recognise a key in a list. */
export const apiKeyHint = (key: string): string => `${key.slice(0, API_KEY_PREFIX.length + 4)}***`;
