import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CredentialController } from './credential/credential.controller.js';
import { CredentialEntity } from './credential/credential.entity.js';
import { CredentialRepository } from './credential/credential.repository.js';
import { CredentialRotator } from './credential/credential-rotation.service.js';
import { CredentialSecrets } from './credential/credential-secrets.service.js';
import { CredentialService } from './credential/credential.service.js';
import { SecretReader } from './credential/secret.reader.js';
import { ExecutorLive } from './executor.live.js';
import { ExecutorRegistry } from './executor.registry.js';
import { HostKeyVerifier } from './host-key/host-key-verifier.service.js';
import { HostKeyController } from './host-key/host-key.controller.js';
import { HostKeyEntity } from './host-key/host-key.entity.js';
import { HostKeyRepository } from './host-key/host-key.repository.js';
import { HostKeyService } from './host-key/host-key.service.js';
import { KnownHostRuleEntity } from './host-key/known-host-rule.entity.js';
import { KnownHostRuleRepository } from './host-key/known-host-rule.repository.js';
import { KnownHostsController } from './host-key/known-hosts.controller.js';
import { KnownHosts } from './host-key/known-hosts.service.js';
import { HttpClient } from './http/http-client.service.js';
import { HttpExecutor } from './http/http.executor.js';
import { CommandSessions } from './ssh/command-sessions.service.js';
import { SshExecutor } from './ssh/ssh.executor.js';
import { TargetContacts } from './target/target-contacts.service.js';
import { TargetTester } from './target/target-tester.service.js';
import { TargetController } from './target/target.controller.js';
import { TargetEntity } from './target/target.entity.js';
import { TargetReader } from './target/target.reader.js';
import { TargetRepository } from './target/target.repository.js';
import { TargetService } from './target/target.service.js';

/** Targets, the credentials and host keys to reach them, and the drivers that act on them. */
@Module({
  imports: [TypeOrmModule.forFeature([TargetEntity, HostKeyEntity, KnownHostRuleEntity, CredentialEntity])],
  controllers: [TargetController, HostKeyController, KnownHostsController, CredentialController],
  providers: [
    TargetRepository,
    TargetService,
    TargetReader,
    TargetTester,
    HostKeyRepository,
    HostKeyService,
    HostKeyVerifier,
    KnownHostRuleRepository,
    KnownHosts,
    CredentialRepository,
    CredentialSecrets,
    CredentialService,
    CredentialRotator,
    SecretReader,
    SshExecutor,
    HttpExecutor,
    ExecutorRegistry,
    TargetContacts,
    CommandSessions,
    HttpClient,
    ExecutorLive,
  ],
  exports: [TargetReader, CommandSessions, HttpClient, SecretReader],
})
export class ExecutorModule {}
