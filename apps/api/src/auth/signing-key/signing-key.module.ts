import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Keyring } from './keyring.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeyRepository } from './signing-key.repository.js';
import { SigningKeyService } from './signing-key.service.js';

/** The keys that sign access tokens, also for the command line. */
@Module({
  imports: [TypeOrmModule.forFeature([SigningKeyEntity])],
  providers: [Keyring, SigningKeyService, SigningKeyRepository],
  exports: [Keyring, SigningKeyService, SigningKeyRepository],
})
export class SigningKeyModule {}
