/**
 * A stand-in for the Terraform provider hashicorp/tls, for tests where no registry and no mirror has the real one.
 *
 * Runs as a process of its own, prints the value for TF_REATTACH_PROVIDERS and ends with its stdin, that is with its
 * parent. Terraform's side of the protocol: developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol.
 */
import { join } from "node:path";
import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { plan } from "./tls/plan";
import { privateKey } from "./tls/private-key";
import { type ResourceType, wireSchema } from "./tls/resource-type";
import { selfSignedCert } from "./tls/self-signed-cert";
import { type DynamicValue, encodeState, decodeState } from "./tls/wire";

const resources: Readonly<Record<string, ResourceType>> = {
  tls_private_key: privateKey,
  tls_self_signed_cert: selfSignedCert,
};

interface Request {
  readonly type_name: string;
  readonly config: DynamicValue;
  readonly current_state: DynamicValue;
  readonly prior_state: DynamicValue;
  readonly proposed_new_state: DynamicValue;
  readonly planned_state: DynamicValue;
  readonly raw_state: { readonly json: Uint8Array };
}

const handlers: Readonly<Record<string, (request: Request) => object>> = {
  GetSchema: () => ({
    provider: { version: 0, block: {} },
    resource_schemas: Object.fromEntries(
      Object.entries(resources).map(([name, type]) => [name, wireSchema(type)]),
    ),
  }),
  PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
  ValidateResourceTypeConfig: () => ({}),
  UpgradeResourceState: ({ raw_state }) => ({ upgraded_state: { json: raw_state.json } }),
  Configure: () => ({}),
  ReadResource: ({ current_state }) => ({ new_state: current_state }),
  PlanResourceChange: ({ type_name, prior_state, proposed_new_state }) => {
    const { planned, replacedBy } = plan(
      resource(type_name),
      decodeState(prior_state),
      decodeState(proposed_new_state),
    );
    const steps = replacedBy.map((name) => ({ steps: [{ attribute_name: name }] }));
    return { planned_state: encodeState(planned), requires_replace: steps };
  },
  ApplyResourceChange: ({ type_name, prior_state, planned_state }) => {
    const planned = decodeState(planned_state);
    const create = planned && !decodeState(prior_state);
    return { new_state: encodeState(create ? resource(type_name).create(planned) : planned) };
  },
  Stop: () => ({}),
};

function resource(name: string): ResourceType {
  const type = resources[name];
  if (!type) throw new Error(`the stand-in for hashicorp/tls has no resource ${name}`);
  return type;
}

/** Each handler as gRPC calls it; an error becomes Terraform's own diagnostic. */
const implementation: UntypedServiceImplementation = Object.fromEntries(
  Object.entries(handlers).map(([name, handle]) => [
    name,
    (call: { request: Request }, answer: (error: null, value: object) => void) => {
      try {
        answer(null, handle(call.request));
      } catch (error) {
        answer(null, { diagnostics: [{ severity: "ERROR", summary: String(error) }] });
      }
    },
  ]),
);

function serve(): void {
  const proto = join(__dirname, "tls", "tfplugin5.proto");
  const definitions = loadSync(proto, { keepCase: true, enums: String, longs: Number, defaults: true });
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(definitions["tfplugin5.Provider"] as ServiceDefinition, implementation);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    const address = { Network: "tcp", String: `127.0.0.1:${port}` };
    const provider = { Protocol: "grpc", ProtocolVersion: 5, Pid: process.pid, Test: true, Addr: address };
    process.stdout.write(`${JSON.stringify({ "registry.terraform.io/hashicorp/tls": provider })}\n`);
  });
  process.stdin.resume().on("end", () => process.exit(0));
}

if (require.main === module) serve();
