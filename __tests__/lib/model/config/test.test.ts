import { testOf } from "../../../../lib/model/config";
import { schema } from "../../../../lib/model/config/schema";

function testIn(locustfile: unknown): ReturnType<typeof testOf> {
  return testOf({ config: schema.parse({ locust: { locustfile } }), directory: "/project" });
}

describe("testOf", () => {
  test.each([
    ["locust/a.py", { directory: "/project/locust", locustfiles: ["a.py"] }],
    ["locust/", { directory: "/project/locust", locustfiles: ["."] }],
    ["locust/a.py,locust/b.py", { directory: "/project/locust", locustfiles: ["a.py", "b.py"] }],
    [["locust/a.py", "locust/sub/b.py"], { directory: "/project/locust", locustfiles: ["a.py", "sub/b.py"] }],
    [["one/a.py", "two"], { directory: "/project", locustfiles: ["one/a.py", "two"] }],
    [["one/a.py", "one"], { directory: "/project/one", locustfiles: ["a.py", "."] }],
    ["../shared/a.py", { directory: "/shared", locustfiles: ["a.py"] }],
    [["shop/a.py", "shop-two/b.py"], { directory: "/project", locustfiles: ["shop/a.py", "shop-two/b.py"] }],
  ])("of %j is the folder that holds all of it", (locustfile, expected) => {
    expect(testIn(locustfile)).toEqual(expected);
  });
});

test.each([
  "localhost:50051",
  "mongodb://db.example:27017",
  "ws://shop.example/socket",
  "https://shop.example",
])("%s is a host", (host) => {
  expect(schema.parse({ locust: { host } }).locust.host).toBe(host);
});
