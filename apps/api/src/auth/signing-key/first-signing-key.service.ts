import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '../../platform/index.js';
import { SigningKeyService } from './signing-key.service.js';

/** Sees to it that an engine that serves the API has a key to sign with. */
@Injectable()
export class FirstSigningKey implements OnApplicationBootstrap {
  constructor(
    private readonly keys: SigningKeyService,
    private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.servesApi) await this.keys.makeFirst();
  }
}
