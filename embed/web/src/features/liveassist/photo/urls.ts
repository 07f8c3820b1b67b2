/** Addresses of photos that this page holds itself, by message id, oldest first. */
const urls = new Map<string, string>();

/** A page with more photos than this shows the oldest from the server again. */
const KEPT = 40;

/** The address of a photo in this page's memory; the same one for as long as it is kept. */
export function localUrl(id: string, blob: Blob): string {
  const known = urls.get(id);
  if (known) return known;
  const url = URL.createObjectURL(blob);
  urls.set(id, url);
  const [oldest] = urls.keys();
  if (urls.size > KEPT && oldest) forget(oldest);
  return url;
}

/** The address of a photo that was picked here, after it was sent: it need not be fetched again. */
export function knownUrl(id: string): string | undefined {
  return urls.get(id);
}

export function forget(id: string) {
  const url = urls.get(id);
  if (url) URL.revokeObjectURL(url);
  urls.delete(id);
}
