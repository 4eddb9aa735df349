import { UserError } from "../../../../lib/model/user-error";
import { load } from "../load";

/** The message about a wrong cluster.yaml, without the folder of the scratch file. */
export function complaint(yaml: string): string {
  try {
    load(yaml);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message.replaceAll(/\S*cluster\.yaml/g, "cluster.yaml");
  }
  throw new Error(`accepted: ${yaml}`);
}
