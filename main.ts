import { LocustStack } from "./lib/locust-stack";
import { synthesize } from "./lib/synthesize";

synthesize((app, cluster) => new LocustStack(app, cluster.config.name, cluster));
