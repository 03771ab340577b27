import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('login_throttles')
export class LoginThrottleEntity {
  /** What is counted, as a hash: people type passwords into the field for their name. */
  @PrimaryColumn('text') key!: string;
  @Column('integer') count!: number;
  @Column('timestamptz') lastAt!: Date;
  @Column('timestamptz') openAt!: Date;
}
