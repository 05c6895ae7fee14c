// What an agent has typed or changed on a ticket and not yet sent. It outlives updates, other tickets and reloads.

import { forget, keep, kept } from "./memory.js";

const blank = () => ({ html: "", text: "", public: true, status: "", values: {}, fields: {}, uploads: [] });

/** uploadLife is how long an upload can be used, in milliseconds: what is older is left out when a draft is taken up. */
const uploadLife = 55 * 60 * 1000;

/**
 * Draft is one ticket's unsent changes: `html` is the comment and `text` the same without markup; `values` are the ticket's
 * own, `fields` those of custom fields by id; `uploads` are {token, name, size, at}.
 */
export class Draft {
  #key;
  #told = [];

  constructor(agent, ticket) {
    this.#key = `draft.rich.${agent}.${ticket}.`; // ends with a dot: no other key begins with it
    Object.assign(this, blank(), kept(this.#key, {}));
    this.uploads = this.uploads.filter((one) => Date.now() - one.at < uploadLife);
  }

  /** changed has told called after every change. */
  changed(told) {
    this.#told.push(told);
  }

  /** unheard tells nobody any more. */
  unheard() {
    this.#told = [];
  }

  /** set changes some of html, text, public, status, uploads. */
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

  /** clear forgets everything but a comment that was changed since `sent` was sent. */
  clear(sent) {
    const rest = blank();
    if (sent !== undefined && this.html !== sent) {
      rest.html = this.html;
      rest.text = this.text;
    }
    rest.public = this.public;
    Object.assign(this, rest);
    this.#save();
  }

  /** dirty says whether something besides the comment would be changed. */
  get dirty() {
    return this.status !== "" || Object.keys(this.values).length > 0 || Object.keys(this.fields).length > 0;
  }

  get empty() {
    return !this.dirty && this.html === "" && this.uploads.length === 0;
  }

  /** body is the request that sends the draft with a status. */
  body(status) {
    const out = { ...this.values };
    if (status) out.status = status;
    const fields = Object.entries(this.fields).map(([id, value]) => ({ id: Number(id), value }));
    if (fields.length > 0) out.custom_fields = fields;
    if (this.html !== "" || this.uploads.length > 0) {
      out.comment = { html_body: this.html, public: this.public, uploads: this.uploads.map((one) => one.token) };
    }
    return out;
  }

  #save() {
    if (this.empty && this.public) forget(this.#key);
    else {
      const { html, text, public: open, status, values, fields, uploads } = this;
      keep(this.#key, { html, text, public: open, status, values, fields, uploads });
    }
    for (const told of this.#told) told();
  }
}
