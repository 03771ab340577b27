import { Injectable } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.js';

/** Questions that other modules have about API keys. */
@Injectable()
export class ApiKeyReader {
  constructor(private readonly repository: ApiKeyRepository) {}

  /** Id of the person for whom a key acts; null when that is not known, or the key is gone. */
  async makerOf(keyId: string): Promise<string | null> {
    return (await this.repository.find(keyId))?.makerId ?? null;
  }
}
