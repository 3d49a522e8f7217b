// How a notebook gets into the browser's storage: in one way, whoever asks for it. What is done with
// the file is done one after the other, so no two saves overlap. Of several tabs with the same
// notebook one keeps it; the others do not save, and say so.
const SOON = 500; // ms from a change to its saving: with the writing, well below two seconds
const wanted = new BroadcastChannel("integrate-and-fire: wanted");
// Without HTTPS there are no locks: it is seen in the file that another tab keeps it, too.
const locks = navigator.locks ?? { request: (name, options, task) => task("none") };

export class Saving {
  // `begin` is called when this tab is about to keep the notebook, before anything is saved; `tell`,
  // whenever something has changed of what can be read here.
  constructor(context, contents, { begin, tell }) {
    Object.assign(this, { context, contents, begin, tell });
    this.place = "opening"; // then "here" or "elsewhere"
    this.failed = false;
    this.changes = Number(context.model.dirty); // how many there were: one is that of an early bird
    this.stored = 0; // how many of them are stored
    this.line = Promise.resolve();
    this.write = context.save.bind(context);
    context.save = () => this.save(); // JupyterLab's commands wait in line, too
    context.lastModifiedCheckMargin = Infinity; // JupyterLab would ask the student what to do
    context.model.contentChanged.connect(() => this.change());
    document.addEventListener("visibilitychange", () => document.hidden && this.saveUnasked());
    window.addEventListener("pagehide", () => this.saveUnasked());
    wanted.addEventListener("message", ({ data }) => data === context.path && this.giveWay());
    this.getLock();
  }

  get saved() {
    return this.stored === this.changes;
  }

  // Do something with the file once all is done that was to be done before.
  alone(task) {
    const done = this.line.then(task);
    this.line = done.catch(() => {}); // whoever asked for it learns of it
    return done;
  }

  change() {
    this.changes += 1;
    this.tell();
    // It is not put off by the next change: steady typing is saved, too.
    if (!this.failed) this.timer ??= setTimeout(() => this.saveUnasked(), SOON);
  }

  saveUnasked() {
    this.timer = clearTimeout(this.timer);
    if (!this.saved) this.save().catch(() => {}); // JupyterLab shows the error
  }

  save() {
    // One that still waits in line will save all that there is by then.
    return (this.waiting ??= this.alone(() => {
      this.waiting = undefined;
      return this.saveNow();
    }));
  }

  async saveNow() {
    this.timer = clearTimeout(this.timer);
    if (this.place !== "here") return;
    try {
      if (await this.changedElsewhere()) {
        this.place = "elsewhere";
        return;
      }
      const { changes } = this;
      await this.write();
      this.stored = changes;
      this.failed = false;
      if (!this.saved) this.context.model.dirty = true; // JupyterLab takes it for saved
    } catch (error) {
      this.failed = true;
      throw error;
    } finally {
      this.tell();
    }
  }

  async changedElsewhere() {
    const file = await this.contents.get(this.context.path, { content: false });
    return file.last_modified !== this.context.contentsModel.last_modified;
  }

  // Show what is stored.
  async load() {
    await this.context.revert();
    this.stored = this.changes;
  }

  // Keep the notebook as soon as no other tab does.
  getLock() {
    const name = `integrate-and-fire: ${this.context.path}`;
    const hold = async () => {
      const released = new Promise((release) => (this.release = release));
      await this.alone(() => this.keep());
      await released;
    };
    locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock) return hold();
      this.place = "elsewhere";
      this.tell();
      locks.request(name, hold);
    });
  }

  async keep() {
    if (await this.changedElsewhere()) await this.load();
    await this.begin();
    this.place = "here";
    this.tell();
    this.saveUnasked(); // what was typed meanwhile
  }

  // Keep the notebook from now on: the tab that does so is asked for it, unless it is this one.
  take() {
    if (this.release) this.alone(() => this.keep());
    else wanted.postMessage(this.context.path);
  }

  async giveWay() {
    if (!this.release) return;
    this.saveUnasked();
    await this.alone(() => {
      if (this.failed) return; // the work is here alone
      this.place = "elsewhere";
      this.release();
      this.release = undefined;
      this.getLock();
    });
    this.tell();
  }
}
