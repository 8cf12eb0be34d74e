import { connect } from "node:net";

/** Whether this port of this machine accepts connections; false after 2 s without an answer. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const settle = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
    socket.setTimeout(2_000, () => settle(false));
  });
}
