// What an agent has typed or changed on a ticket and not yet sent. It outlives updates, other tickets and reloads.

import { forget, keep, kept } from "./memory.js";

const blank = () => ({ text: "", public: true, status: "", values: {}, fields: {}, uploads: [] });

/** Draft is one ticket's unsent changes; `values` are the ticket's own, `fields` those of custom fields by id. */
export class Draft {
  #key;
  #told = [];

  constructor(agent, ticket) {
    this.#key = `draft.desk.${agent}.${ticket}.`; // ends with a dot: no other key begins with it
    Object.assign(this, blank(), kept(this.#key, {}));
  }

  /** changed has told called after every change. */
  changed(told) {
    this.#told.push(told);
  }

  /** set changes some of text, public, status, uploads. */
  set(change) {
    Object.assign(this, change);
    this.#save();
  }

  /** put keeps a changed value of kind `values` or `fields`, or drops it when it is the ticket's own again. */
  put(kind, name, value, original) {
    if (JSON.stringify(value ?? null) === JSON.stringify(original ?? null)) delete this[kind][name];
    else this[kind][name] = value;
    this.#save();
  }

  /** clear forgets everything but a text that was changed since it was `sent`. */
  clear(sent) {
    const rest = blank();
    if (sent !== undefined && this.text !== sent) rest.text = this.text;
    rest.public = this.public;
    Object.assign(this, rest);
    this.#save();
  }

  /** dirty says whether something besides the comment would be changed. */
  get dirty() {
    return this.status !== "" || Object.keys(this.values).length > 0 || Object.keys(this.fields).length > 0;
  }

  get empty() {
    return !this.dirty && this.text.trim() === "" && this.uploads.length === 0;
  }

  /** body is the request that sends the draft with a status. */
  body(status) {
    const out = { ...this.values };
    if (status) out.status = status;
    const fields = Object.entries(this.fields).map(([id, value]) => ({ id: Number(id), value }));
    if (fields.length > 0) out.custom_fields = fields;
    if (this.text.trim() !== "" || this.uploads.length > 0) {
      out.comment = { body: this.text.trim(), public: this.public, uploads: this.uploads.map((one) => one.token) };
    }
    return out;
  }

  #save() {
    if (this.empty && this.public) forget(this.#key);
    else
      keep(this.#key, {
        text: this.text,
        public: this.public,
        status: this.status,
        values: this.values,
        fields: this.fields,
        uploads: this.uploads,
      });
    for (const told of this.#told) told();
  }
}
