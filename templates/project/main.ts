import { LocustStack, synthesize } from "locust-cluster";

// The cluster that cluster.yaml describes. Resources of your own go into the same stack:
// `const stack = new LocustStack(…); new S3Bucket(stack, "data", { … }); return stack;`
synthesize((app, cluster) => new LocustStack(app, cluster.config.name, cluster));
