import { decode, encode, ExtensionCodec } from "@msgpack/msgpack";
import type { ResourceState } from "./resource-type";

/** A value of the plugin protocol: msgpack from Terraform's side, rarely JSON. */
export interface DynamicValue {
  readonly msgpack: Uint8Array;
  readonly json: Uint8Array;
}

const extensionCodec = new ExtensionCodec();

export const encodeState = (state: ResourceState | null): { msgpack: Uint8Array } => ({
  msgpack: encode(state, { extensionCodec }),
});

export function decodeState(value: DynamicValue | null): ResourceState | null {
  if (value?.msgpack.length) return decode(value.msgpack, { extensionCodec }) as ResourceState | null;
  if (value?.json.length) return JSON.parse(Buffer.from(value.json).toString()) as ResourceState;
  return null;
}
