export { channelSecretsAtRest } from './channel/channel.service.js';
export { NotificationModule } from './notification.module.js';
