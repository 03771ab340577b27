export { AuthModule } from './auth.module.js';
export { TokenService } from './token/token.service.js';
