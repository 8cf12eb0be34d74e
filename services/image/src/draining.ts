import { connect, type Socket } from "node:net";

/**
 * A request whose last byte is still missing: under way until `finish` sends it and returns the
 * response's first line.
 */
export type HalfRequest = { finish(): Promise<string> };

export async function beginRequest(port: number, path: string, body: string): Promise<HalfRequest> {
  const socket = await open(port);
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
  socket.write(head + body.slice(0, -1));
  const answered = new Promise<string>((resolve, reject) => {
    socket.once("data", (data) => resolve(data.toString().split("\r\n")[0] ?? ""));
    socket.once("close", () => reject(new Error("The connection was cut before there was an answer.")));
  });
  // Looked at when the request is finished.
  answered.catch(() => {});
  return {
    finish() {
      socket.write(body.slice(-1));
      return answered;
    },
  };
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket)).once("error", reject);
  });
