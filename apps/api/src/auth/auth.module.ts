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
import { Challenges } from './factor/challenge.repository.js';
import { FactorController } from './factor/factor.controller.js';
import { FactorRepository } from './factor/factor.repository.js';
import { FactorService } from './factor/factors.service.js';
import { PasskeyEntity } from './factor/passkey.entity.js';
import { Passkeys } from './factor/passkeys.service.js';
import { RecoveryCodeEntity } from './factor/recovery-code.entity.js';
import { RecoveryCodes } from './factor/recovery-codes.service.js';
import { SecondFactors } from './factor/second-factor.service.js';
import { SignInChallengeEntity } from './factor/sign-in-challenge.entity.js';
import { TotpFactorEntity } from './factor/totp-factor.entity.js';
import { Totp } from './factor/totp.service.js';
import { UserFactorsController } from './factor/user-factors.controller.js';
import { FirstAdministrator } from './first-administrator.service.js';
import { PasswordHashing, Passwords } from './password.js';
import { JwtStrategy } from './token/jwt.strategy.js';
import { KnownSessions } from './session/known-sessions.js';
import { RefreshCookie } from './session/refresh-cookie.js';
import { RefreshTokenEntity } from './session/refresh-token.entity.js';
import { RefreshTokenRepository } from './session/refresh-token.repository.js';
import { SessionController } from './session/session.controller.js';
import { SessionEntity } from './session/session.entity.js';
import { SessionHousekeeping } from './session/session.housekeeping.js';
import { SessionLive } from './session/session.live.js';
import { SessionRefresh } from './session/session-refresh.service.js';
import { SessionRepository } from './session/session.repository.js';
import { SessionService } from './session/session.service.js';
import { LoginThrottle } from './sign-in/login-throttle.service.js';
import { LoginThrottleEntity } from './sign-in/login-throttle.entity.js';
import { LoginThrottleRepository } from './sign-in/login-throttle.repository.js';
import { PasswordFactor } from './sign-in/password-factor.service.js';
import { IdentityEntity } from './oidc/identity.entity.js';
import { IdentityRepository } from './oidc/identity.repository.js';
import { OidcController } from './oidc/oidc.controller.js';
import { OidcPeople } from './oidc/oidc-people.service.js';
import { OidcProvider } from './oidc/oidc-provider.service.js';
import { OidcSignIn } from './oidc/oidc-sign-in.service.js';
import { SealedCookies } from './oidc/sealed-cookie.js';
import { InvitationAcceptance } from './invitation/invitation-acceptance.service.js';
import { InvitationController } from './invitation/invitation.controller.js';
import { InvitationEntity } from './invitation/invitation.entity.js';
import { InvitationLinkController } from './invitation/invitation-link.controller.js';
import { InvitationMail } from './invitation/invitation-mail.js';
import { InvitationRepository } from './invitation/invitation.repository.js';
import { InvitationService } from './invitation/invitation.service.js';
import { BreachList } from './password/breach-list.service.js';
import { PasswordChange } from './password/password-change.service.js';
import { PasswordController } from './password/password.controller.js';
import { PasswordPolicy } from './password/password-policy.service.js';
import { SignIn } from './sign-in/sign-in.service.js';
import { FirstSigningKey } from './signing-key/first-signing-key.service.js';
import { SigningKeyController } from './signing-key/signing-key.controller.js';
import { SigningKeyLive } from './signing-key/signing-key.live.js';
import { SigningKeyModule } from './signing-key/signing-key.module.js';
import { TokenAuthenticator } from './token/token.authenticator.js';
import { TokenService } from './token/token.service.js';
import { UserController } from './user/user.controller.js';
import { UserEntity } from './user/user.entity.js';
import { UserReader } from './user/user.reader.js';
import { UserRepository } from './user/user.repository.js';
import { UserService } from './user/user.service.js';

/** Who may come in: users, access tokens, API keys, and the guard before every route. */
@Module({
  imports: [
    JwtModule.register({}),
    SigningKeyModule,
    TypeOrmModule.forFeature([
      UserEntity,
      ApiKeyEntity,
      SessionEntity,
      RefreshTokenEntity,
      LoginThrottleEntity,
      IdentityEntity,
      InvitationEntity,
      TotpFactorEntity,
      RecoveryCodeEntity,
      PasskeyEntity,
      SignInChallengeEntity,
    ]),
  ],
  controllers: [
    AuthController,
    OidcController,
    PasswordController,
    InvitationController,
    InvitationLinkController,
    SessionController,
    UserController,
    FactorController,
    UserFactorsController,
    ApiKeyController,
    SigningKeyController,
  ],
  providers: [
    SignIn,
    PasswordFactor,
    OidcSignIn,
    OidcProvider,
    OidcPeople,
    IdentityRepository,
    SealedCookies,
    SecondFactors,
    FactorService,
    FactorRepository,
    Challenges,
    Totp,
    RecoveryCodes,
    Passkeys,
    LoginThrottle,
    LoginThrottleRepository,
    SessionService,
    SessionRefresh,
    SessionRepository,
    RefreshTokenRepository,
    RefreshCookie,
    KnownSessions,
    SessionLive,
    SessionHousekeeping,
    FirstAdministrator,
    Refusals,
    PasswordHashing,
    Passwords,
    PasswordPolicy,
    InvitationService,
    InvitationAcceptance,
    InvitationRepository,
    InvitationMail,
    PasswordChange,
    BreachList,
    FirstSigningKey,
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
  exports: [ApiKeyReader, UserReader, TokenService, InvitationMail],
})
export class AuthModule {}
