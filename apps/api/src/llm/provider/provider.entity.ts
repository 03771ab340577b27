import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('llm_providers')
@Index('llm_providers_name', ['name'], { unique: true })
export class LlmProviderEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text') kind!: 'anthropic' | 'openai' | 'openai_compatible' | 'ollama' | 'google';
  @Column('text') model!: string;
  @Column('text', { nullable: true }) baseUrl!: string | null;
  @Column('text', { nullable: true }) apiKeyKeyId!: string | null;
  @Column('text', { nullable: true }) apiKeySealed!: string | null;
  @Column('text', { nullable: true }) apiKeyHint!: string | null;
  @Column('integer') priority!: number;
  @Column('boolean') enabled!: boolean;
  @Column('integer') timeoutMs!: number;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') updatedAt!: Date;
}
