/** Whether the server runs on this computer: there a mail may stand in its log instead. */
export function onLoopback(): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
}
