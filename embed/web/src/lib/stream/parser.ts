/** One event of a Server-Sent Events stream. */
export interface StreamEvent {
  /** The event's type; `message` where the stream names none. */
  event: string;
  data: string;
  /** The last id that the stream gave, with this event or before it; empty while there was none. */
  id: string;
}

/**
 * Reads `text/event-stream` as the HTML standard's section 9.2.6 describes it, from pieces of text
 * that may end anywhere. Gives the events that each piece completes.
 */
export class StreamParser {
  private rest = '';
  private started = false;
  private event = '';
  private data: string[] = [];
  private id = '';

  feed(piece: string): StreamEvent[] {
    let text = this.rest + piece;
    if (!this.started && text) {
      this.started = true;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    const events: StreamEvent[] = [];
    let from = 0;
    for (let end = lineEnd(text, from); end; end = lineEnd(text, from)) {
      const line = text.slice(from, end.at);
      from = end.next;
      if (line) this.field(line);
      else this.dispatch(events);
    }
    this.rest = text.slice(from);
    return events;
  }

  private field(line: string) {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (name === 'data') this.data.push(value);
    else if (name === 'event') this.event = value;
    else if (name === 'id' && !value.includes('\0')) this.id = value;
  }

  private dispatch(events: StreamEvent[]) {
    if (this.data.length > 0) {
      events.push({ event: this.event || 'message', data: this.data.join('\n'), id: this.id });
    }
    this.event = '';
    this.data = [];
  }
}

/** Where the line that begins at `from` ends; null while a CR at the very end may be half of CRLF. */
function lineEnd(text: string, from: number): { at: number; next: number } | null {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') return { at, next: at + 1 };
    if (char !== '\r') continue;
    if (at + 1 === text.length) return null;
    return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
  }
  return null;
}
