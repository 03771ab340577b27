import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '../platform/index.js';
import { generatePassword, Passwords } from './password.js';
import { UserService } from './user/user.service.js';

/** Makes the first administrator when nobody is there, so that somebody can sign in. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly config: AppConfig,
    private readonly users: UserService,
    private readonly passwords: Passwords,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.servesApi) return;
    const { ADMIN_USERNAME: username, ADMIN_PASSWORD: given } = this.config.settings;
    const password = given ?? generatePassword();
    const made = await this.users.createFirst(username, password, given === undefined);
    // Not through the log: logs are shipped and kept, and this must be seen once, by whoever starts the engine.
    if (made !== null && given === undefined) {
      process.stdout.write(
        `First administrator: ${made.username}, password: ${password} (shown only this once; you choose your own when you sign in)\n`,
      );
    }
    await this.passwords.prepare();
  }
}
