/* Pages opened from a folder may not start a Worker; the search then runs in a hidden frame of the page itself. */
if (location.protocol === "file:") {
  // The search looks for IFrameWorker to know where its scripts lie.
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super()
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      document.body.append(this.frame)
      const inner = this.frame.contentWindow
      const load = address => new Promise((done, failed) => {
        const script = inner.document.createElement("script")
        script.src = address
        script.onload = done
        script.onerror = failed
        inner.document.body.append(script)
      })
      inner.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
      inner.importScripts = (...all) => all.reduce((before, one) => before.then(() => load(one)), Promise.resolve())
      this.ready = load(String(url))
    }
    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })))
    }
    terminate() {
      this.frame.remove()
    }
  }
}
