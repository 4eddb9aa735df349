import { warningsFor } from "../../../../lib/model/config";
import { load } from "../load";

describe("warningsFor", () => {
  const warnings = (yaml: string): string[] => warningsFor(load(yaml).config);

  test("the page open to everyone without login", () => {
    expect(warnings("access: { login: none }")).toEqual([
      "the page is open to everyone and asks for no login: set 'access.login' or narrow 'access.webCidrs'",
    ]);
  });

  test.each(["", "access: { login: none, webCidrs: [203.0.113.7/32] }", "access: { login: custom }"])(
    "nothing for %j",
    (yaml) => {
      expect(warnings(yaml)).toEqual([]);
    },
  );

  test("burstable workers", () => {
    expect(warnings("workers: { instanceType: t3.large }")).toEqual([
      expect.stringContaining(
        "type t3.large run on CPU credits: beyond these AWS charges for every vCPU-hour;",
      ),
    ]);
    expect(warnings("workers: { instanceType: t2.large }")).toEqual([
      expect.stringContaining("type t2.large run on CPU credits: beyond these AWS slows them down;"),
    ]);
    expect(warnings("workers: { instanceType: t3.large, count: 0 }")).toEqual([]);
  });
});
