import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Refusals } from './access/refusals.service.js';
import { AccessGuard } from './access/access.guard.js';
import { ApiKeyAuthenticator } from './api-key/api-key.authenticator.js';
import { ApiKeyController } from './api-key/api-key.controller.js';
import { ApiKeyEntity } from './api-key/api-key.entity.js';
import { ApiKeyLive } from './api-key/api-key.live.js';
import { ApiKeyReader } from './api-key/api-key.reader.js';
import { ApiKeyRepository } from './api-key/api-key.repository.js';
import { ApiKeyService } from './api-key/api-key.service.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { FirstAdministrator } from './first-administrator.service.js';
import { Passwords } from './password.js';
import { JwtStrategy } from './token/jwt.strategy.js';
import { Keyring } from './signing-key/keyring.js';
import { SigningKeyController } from './signing-key/signing-key.controller.js';
import { SigningKeyEntity } from './signing-key/signing-key.entity.js';
import { SigningKeyLive } from './signing-key/signing-key.live.js';
import { SigningKeyRepository } from './signing-key/signing-key.repository.js';
import { SigningKeyService } from './signing-key/signing-key.service.js';
import { TokenAuthenticator } from './token/token.authenticator.js';
import { TokenService } from './token/token.service.js';
import { UserController } from './user/user.controller.js';
import { UserEntity } from './user/user.entity.js';
import { UserReader } from './user/user.reader.js';
import { UserRepository } from './user/user.repository.js';
import { UserService } from './user/user.service.js';

/** Who may come in: users, access tokens, API keys, and the guard before every route. */
@Module({
  imports: [JwtModule.register({}), TypeOrmModule.forFeature([UserEntity, ApiKeyEntity, SigningKeyEntity])],
  controllers: [AuthController, UserController, ApiKeyController, SigningKeyController],
  providers: [
    AuthService,
    FirstAdministrator,
    Refusals,
    Passwords,
    Keyring,
    SigningKeyService,
    SigningKeyRepository,
    SigningKeyLive,
    TokenService,
    JwtStrategy,
    TokenAuthenticator,
    UserService,
    UserRepository,
    UserReader,
    ApiKeyService,
    ApiKeyRepository,
    ApiKeyReader,
    ApiKeyAuthenticator,
    ApiKeyLive,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeyReader, UserReader, TokenService],
})
export class AuthModule {}
