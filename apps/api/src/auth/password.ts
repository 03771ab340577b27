import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id (the library's default variant) with 19 MiB, two passes and one lane: the first choice of the OWASP
 * Password Storage Cheat Sheet, https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The slow work of passwords, in one place where a test can count it. */
@Injectable()
export class PasswordHashing {
  hash(password: string): Promise<string> {
    return hash(password, parameters);
  }

  verify(stored: string, password: string): Promise<boolean> {
    return verify(stored, password);
  }
}

/** Stores passwords as hashes and checks them. */
@Injectable()
export class Passwords {
  private dummy: Promise<string> | undefined;

  constructor(private readonly hashing: PasswordHashing) {}

  hash(password: string): Promise<string> {
    return this.hashing.hash(password);
  }

  /**
   * Whether `password` is the one behind `stored`. Without a stored hash it does the same work and says no, so
   * that the time of an answer does not tell whether a user exists.
   */
  async matches(stored: string | null, password: string): Promise<boolean> {
    this.dummy ??= this.hash(randomBytes(32).toString('base64'));
    const right = await this.hashing.verify(stored ?? (await this.dummy), password);
    return right && stored !== null;
  }

  /** Makes the stand-in hash ahead of the first sign-in. */
  async prepare(): Promise<void> {
    await this.matches(null, '');
  }
}

/** A password for somebody who gave none: 18 random bytes, 24 characters. */
export const generatePassword = (): string => randomBytes(18).toString('base64url');
