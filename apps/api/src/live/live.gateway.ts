import { Logger } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { z } from 'zod';
import {
  idSchema,
  type ClientToServerEvents,
  type DomainEventPayload,
  type ServerEventName,
  type ServerToClientEvents,
} from '@aiops/contracts';
import type { Server, Socket } from 'socket.io';
import { TokenService } from '../auth/index.js';
import { AppConfig, OnLiveEvent, Shutdown } from '../platform/index.js';

type LiveServer = Server<ClientToServerEvents, ServerToClientEvents>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

const followSchema = z.object({ execution_id: idSchema });
const renewSchema = z.object({ token: z.string() });
const userRoom = (id: string): string => `user:${id}`;
const sessionRoom = (id: string): string => `session:${id}`;
const executionRoom = (id: string): string => `execution:${id}`;

/** Pushes what changed to the screens of everybody who is signed in; output goes only to who follows it. */
@WebSocketGateway({ path: '/socket.io', serveClient: false, transports: ['websocket', 'polling'] })
export class LiveGateway implements OnGatewayInit {
  private readonly logger = new Logger('live');
  private readonly ends = new WeakMap<LiveSocket, NodeJS.Timeout>();
  @WebSocketServer() private readonly server: LiveServer | undefined;

  constructor(
    private readonly tokens: TokenService,
    private readonly config: AppConfig,
    shutdown: Shutdown,
  ) {
    shutdown.onDrain('screens', () => this.letGo(), { afterDelay: true });
  }

  afterInit(server: LiveServer): void {
    server.use((socket, next) => {
      this.authenticate(socket).then(
        () => next(),
        () => next(new Error('unauthenticated')),
      );
    });
  }

  /** Screens that are connected to this process. */
  get clients(): number {
    return this.server?.engine.clientsCount ?? 0;
  }

  /** Whether anybody watches; saves the work of building messages for nobody. */
  get hasClients(): boolean {
    return this.config.servesApi && this.clients > 0;
  }

  /** Whether a screen of this process follows the output of an execution. */
  hasFollowers(executionId: string): boolean {
    return (this.server?.sockets.adapter.rooms.get(executionRoom(executionId))?.size ?? 0) > 0;
  }

  /** Sends to every signed-in screen. */
  push<E extends ServerEventName>(event: E, ...data: Parameters<ServerToClientEvents[E]>): void {
    this.server?.emit(event, ...data);
  }

  /** Sends to the screens that follow one execution. */
  pushToExecution<E extends ServerEventName>(
    executionId: string,
    event: E,
    ...data: Parameters<ServerToClientEvents[E]>
  ): void {
    this.server?.to(executionRoom(executionId)).emit(event, ...data);
  }

  @SubscribeMessage('execution.follow')
  async follow(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<boolean> {
    const parsed = followSchema.safeParse(body);
    if (!parsed.success) return false;
    await socket.join(executionRoom(parsed.data.execution_id));
    return true;
  }

  @SubscribeMessage('execution.unfollow')
  async unfollow(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<boolean> {
    const parsed = followSchema.safeParse(body);
    if (!parsed.success) return false;
    await socket.leave(executionRoom(parsed.data.execution_id));
    return true;
  }

  /** Stays connected with the next access token of the same session. */
  @SubscribeMessage('session.renew')
  async renew(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<boolean> {
    const parsed = renewSchema.safeParse(body);
    if (!parsed.success) return false;
    const found = await this.tokens.verify(parsed.data.token).catch(() => null);
    if (found === null || !socket.rooms.has(sessionRoom(found.sessionId))) return false;
    this.keepUntil(socket, found.expiresAt);
    return true;
  }

  /** Whose access ended is shown nothing more; whose role changed comes back with what they may see now. */
  @OnLiveEvent('access.changed.v1')
  onAccessChanged({ kind, id }: DomainEventPayload<'access.changed.v1'>): void {
    if (kind === 'api_key') return;
    const screens = this.server?.in(kind === 'user' ? userRoom(id) : sessionRoom(id));
    screens?.emit('session.changed');
    screens?.disconnectSockets(true);
  }

  /**
   * Ends the connections below Socket.IO, after which clients come back by themselves, each after a moment of its own;
   * this process takes no new connections by then. (After a `disconnect` of the server they would stay away.)
   */
  private letGo(): Promise<void> {
    this.server?.engine.close();
    return Promise.resolve();
  }

  private async authenticate(socket: LiveSocket): Promise<void> {
    const token: unknown = socket.handshake.auth['token'];
    if (typeof token !== 'string') throw new Error('no token');
    const identity = await this.tokens.verify(token);
    const { actor, sessionId, expiresAt } = identity;
    if (identity.mustChangePassword) throw new Error('a password is due');
    if (identity.lacksSecondFactor) throw new Error('no second factor');
    await socket.join([sessionRoom(sessionId), ...(actor.id === null ? [] : [userRoom(actor.id)])]);
    // Once more: what ended between the first look and the join was told to nobody in these rooms.
    await this.tokens.verify(token);
    socket.once('disconnect', () => clearTimeout(this.ends.get(socket)));
    this.keepUntil(socket, expiresAt);
    this.logger.debug({ user: actor.name }, 'screen connected');
  }

  /** A screen stays connected for as long as its token would let it in, and no longer. */
  private keepUntil(socket: LiveSocket, expiresAt: Date): void {
    clearTimeout(this.ends.get(socket));
    const end = setTimeout(() => socket.disconnect(true), expiresAt.getTime() - Date.now());
    end.unref();
    this.ends.set(socket, end);
  }
}
