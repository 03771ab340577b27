import { Injectable } from '@nestjs/common';
import { CredentialService } from './credential.service.js';

/** The secrets that runbooks name as `secrets.<name>`: any credential, by its name. */
@Injectable()
export class SecretReader {
  constructor(private readonly credentials: CredentialService) {}

  /** @throws UserError that names the missing ones. */
  values(names: readonly string[]): Promise<Record<string, string>> {
    return this.credentials.values(names);
  }
}
