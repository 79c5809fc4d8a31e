// Preloaded into every Node process of an installation: a package's install script finds no network, npm itself does.
// CommonJS, since `--require` loads it before anything else.
const { Socket } = require("node:net");

if (process.env.npm_lifecycle_event !== undefined) {
  Socket.prototype.connect = function connect() {
    const blocked = Object.assign(new Error("no way through the firewall of check-packages"), { code: "ENETUNREACH" });
    process.nextTick(() => this.destroy(blocked));
    return this;
  };
}
