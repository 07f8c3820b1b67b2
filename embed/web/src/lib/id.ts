/**
 * A new id for a message: a UUID of version 7 (RFC 9562, section 5.7). It begins with the time in
 * milliseconds, so that what is new stands at the end of the server's index, whoever wrote it.
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const random = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  const hex =
    Date.now().toString(16).padStart(12, '0') +
    '7' +
    random.slice(13, 16) +
    variant(bytes) +
    random.slice(17);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The variant's two bits, and two random ones. */
function variant(bytes: Uint8Array): string {
  return (((bytes[8] ?? 0) & 0x3) | 0x8).toString(16);
}
