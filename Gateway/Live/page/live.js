// The stream of /admin/live: connects, comes again when it breaks, and says when what is on the page is old.

const RETRY_AFTER = 1500;
const STALE_AFTER = 3500;

export class Live {
  #source = null;
  #retry = 0;
  #heardAt = performance.now();
  #handlers;

  constructor(handlers) {
    this.#handlers = handlers;
    setInterval(() => this.#look(), 500);
    // A page in the background may have slept: what it shows then is old until the next reading.
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** Follows the cluster, and one endpoint where it is named. */
  open(endpoint) {
    this.#close();
    const source = new EventSource(endpoint === null ? 'admin/live' : `admin/live?endpoint=${encodeURIComponent(endpoint)}`);
    for (const name of ['cluster', 'history', 'endpoint']) source.addEventListener(name, (event) => this.#hear(name, event));
    source.onerror = () => this.#lose(endpoint);
    this.#source = source;
  }

  #hear(name, event) {
    this.#heardAt = performance.now();
    this.#handlers[name](JSON.parse(event.data));
    this.#look();
  }

  #lose(endpoint) {
    this.#close();
    this.#retry = setTimeout(() => this.open(endpoint), RETRY_AFTER);
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #look() {
    const silence = performance.now() - this.#heardAt;
    this.#handlers.stale(silence > STALE_AFTER ? Math.floor(silence / 1000) : 0);
  }
}
