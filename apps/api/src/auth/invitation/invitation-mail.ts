import { Injectable } from '@nestjs/common';

/** A letter to one person, in plain text. */
export interface Letter {
  to: string;
  subject: string;
  lines: string[];
  link: string;
}

/** Somebody who can send mail. @returns false when no mail server is set up; @throws with a reason for a person */
export type Postman = (letter: Letter) => Promise<boolean>;

/** The way out for mail: those who have the settings of mail servers stand above us, and sign up here. */
@Injectable()
export class InvitationMail {
  private postman: Postman | null = null;

  carriedBy(postman: Postman): void {
    this.postman = postman;
  }

  async send(letter: Letter): Promise<boolean> {
    return this.postman !== null && (await this.postman(letter));
  }
}
