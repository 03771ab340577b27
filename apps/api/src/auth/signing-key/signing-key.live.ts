import { Injectable } from '@nestjs/common';
import { OnLiveEvent } from '../../platform/index.js';
import { Keyring } from './keyring.js';

/** Keys that were changed on one replica are read anew on all of them. */
@Injectable()
export class SigningKeyLive {
  constructor(private readonly keyring: Keyring) {}

  @OnLiveEvent('signing_key.changed.v1')
  onChanged(): void {
    this.keyring.invalidate();
  }
}
