import { z } from "zod";
import { schema } from "../../lib/model/config/schema";

/** JSON schema of cluster.yaml, for completion and checks in editors. */
export function toJsonSchema(): string {
  const json = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema["change"];
      delete jsonSchema["unset"];
      // A group whose keys are all commented out is null in YAML.
      if (jsonSchema.type === "object") Object.assign(jsonSchema, { type: ["object", "null"] });
    },
  });
  return `${JSON.stringify({ ...json, title: "cluster.yaml of locust-cluster" }, null, 2)}\n`;
}
