import { decode, encode, ExtensionCodec } from "@msgpack/msgpack";
import type { State } from "./resource-type";

/** A value of the plugin protocol: msgpack from Terraform's side, rarely JSON. */
export interface DynamicValue {
  readonly msgpack: Uint8Array;
  readonly json: Uint8Array;
}

const extensionCodec = new ExtensionCodec();

export const pack = (state: State | null): { msgpack: Uint8Array } => ({
  msgpack: encode(state, { extensionCodec }),
});

export function unpack(value: DynamicValue | null): State | null {
  if (value?.msgpack.length) return decode(value.msgpack, { extensionCodec }) as State | null;
  if (value?.json.length) return JSON.parse(Buffer.from(value.json).toString()) as State;
  return null;
}
