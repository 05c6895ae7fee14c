// A customer with their phone: the simulated one of the sandbox.

import { type Demo, call, until } from "./demo";

const phone = "/sandbox/phone/api";

/** A message on the phone's screen. */
export interface Shown {
  id: string;
  from: "customer" | "business";
  type: string;
  content: { text?: { body?: string } } & Record<string, unknown>;
}

/** One of the sandbox's people. */
export class Customer {
  constructor(
    private readonly demo: Demo,
    readonly id: string,
  ) {}

  /** Writes a text. */
  say(text: string): Promise<unknown> {
    return call(this.demo, "POST", `${phone}/customers/${this.id}/messages`, { type: "text", text: { body: text } });
  }

  /** Chooses a line of a list. */
  choose(id: string, title: string): Promise<unknown> {
    return call(this.demo, "POST", `${phone}/customers/${this.id}/messages`, { type: "interactive", interactive: { type: "list_reply", list_reply: { id, title } } });
  }

  /** Taps a template's button. */
  tap(text: string, payload = text): Promise<unknown> {
    return call(this.demo, "POST", `${phone}/customers/${this.id}/messages`, { type: "button", button: { text, payload } });
  }

  /** What the phone shows, oldest first. */
  async chat(): Promise<Shown[]> {
    return (await call<{ messages: Shown[] }>(this.demo, "GET", `${phone}/customers/${this.id}/chat?all=1`)).messages;
  }

  /** How often the company said words that contain a text. */
  async heard(text: string): Promise<number> {
    return (await this.chat()).filter((one) => one.from === "business" && JSON.stringify(one.content).includes(text)).length;
  }

  /** Waits until the company has said it. */
  hears(text: string): Promise<number> {
    return until(`the customer hears “${text}”`, async () => (await this.heard(text)) || undefined);
  }
}
