import { connect, createServer, Server } from 'net';

/** Passes connections on, as a Service does. */
export async function forward(
  address: string,
  port: number,
  to: { readonly host: string; readonly port: number },
): Promise<Server> {
  const server = createServer(incoming => {
    const outgoing = connect(to.port, to.host);
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on('error', () => outgoing.destroy());
    incoming.on('close', () => outgoing.destroy());
    outgoing.on('error', () => incoming.destroy());
    outgoing.on('close', () => incoming.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return server;
}
