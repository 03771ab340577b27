export { AuthModule } from './auth.module.js';
export { UserReader, type PersonInfo } from './user/user.reader.js';
export { TokenService } from './token/token.service.js';
