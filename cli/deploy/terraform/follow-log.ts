import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** Reads a file that another process still writes, from its beginning. */
export class LogFollower {
  private readonly file: number;
  private readonly decoder = new StringDecoder("utf8");
  private readonly buffer = Buffer.alloc(64 * 1024);

  constructor(path: string) {
    this.file = openSync(path, "r");
  }

  /** Text written since the last look. */
  read(): string {
    let text = "";
    for (;;) {
      const count = readSync(this.file, this.buffer, 0, this.buffer.length, null);
      if (count === 0) return text;
      text += this.decoder.write(this.buffer.subarray(0, count));
    }
  }

  close(): void {
    closeSync(this.file);
  }
}
