import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { LocustCluster } from "locust-cluster";

/** A shop, and the load for it. */
class ShopStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region: "us-east-1", maxRetries: 7 });
    new TlsProvider(this, "tls");

    // What the stack is about.
    new S3Bucket(this, "images", { bucketPrefix: "shop-images-" });

    const load = new LocustCluster(this, "load", {
      name: "shop-load",
      workers: { count: 1 },
      locust: { locustfile: "locust/locustfile.py", host: "https://shop.example" },
      access: { webCidrs: ["203.0.113.7/32"], sshCidrs: [] },
      tags: { team: "checkout" },
    });
    new TerraformOutput(this, "load_url", { value: load.masterUrl });
    new TerraformOutput(this, "load_token", { value: load.apiToken, sensitive: true });
  }
}

const app = new App();
new ShopStack(app, "shop");
app.synth();
