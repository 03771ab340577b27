import { Injectable } from '@nestjs/common';
import { Metrics } from '../platform/index.js';
import { LiveGateway } from './live.gateway.js';

@Injectable()
export class LiveMetrics {
  constructor(metrics: Metrics, gateway: LiveGateway) {
    const words = { name: 'aiops_socket_clients', help: 'Screens connected to this process by Socket.IO.' };
    metrics.gauge(words, () => gateway.clients);
  }
}
