import net from "node:net";

/**
 * Watches the sockets that this process opens from now on and aborts those to a port as the kernel
 * does (`ECONNABORTED`, as with `ss -K`): their `error` and their `close` are separate events, and
 * writes in between are lost.
 */
export function watchSockets(): { abort(port: number): number; stop(): void } {
  const sockets = new Set<net.Socket>();
  const usual = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function connect(this: net.Socket, ...given: unknown[]): net.Socket {
    sockets.add(this);
    return Reflect.apply(usual, this, given);
  } as typeof usual;
  return {
    abort(port) {
      let aborted = 0;
      for (const socket of sockets) {
        if (socket.destroyed) sockets.delete(socket);
        else if (socket.remotePort === port) {
          socket.destroy(Object.assign(new Error("read ECONNABORTED"), { code: "ECONNABORTED" }));
          aborted++;
        }
      }
      return aborted;
    },
    stop() {
      net.Socket.prototype.connect = usual;
    },
  };
}
