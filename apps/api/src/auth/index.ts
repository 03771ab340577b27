export { ApiKeyReader } from './api-key/api-key.reader.js';
export { AuthModule } from './auth.module.js';
export { InvitationMail, type Letter } from './invitation/invitation-mail.js';
export { totpSecretsAtRest } from './factor/totp.service.js';
export { signingKeysAtRest } from './signing-key/keyring.js';
export { SigningKeyModule } from './signing-key/signing-key.module.js';
export { SigningKeyService, type KeyStanding } from './signing-key/signing-key.service.js';
export { UserReader, type PersonInfo } from './user/user.reader.js';
export { TokenService } from './token/token.service.js';
